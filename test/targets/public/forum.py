"""A forum of Flask and Flask-WTF: login, topics, replies, accounts. Its database is in memory; `/books` shows it."""

import os
import threading

from flask import Flask, abort, flash, jsonify, redirect, render_template_string, request, session, url_for
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, EqualTo, Length, Regexp

app = Flask(__name__)
app.config["SECRET_KEY"] = "of this run only"
CSRFProtect(app)
lock = threading.Lock()
users = {f"user{number}": {"password": f"secret-{number}", "signature": ""} for number in range(1, 61)}
saved = []
boards = ["General", "Gardening", "Bicycles"]
topics = [
    {"id": number, "board": boards[number % 3], "title": f"Topic number {number}", "text": "Hello", "by": "user1", "replies": []}
    for number in range(1, 13)
]


class Login(FlaskForm):
    username = StringField("User name", [DataRequired()])
    password = PasswordField("Password", [DataRequired()])
    remember = BooleanField("Remember me")
    submit = SubmitField("Sign in")


class Register(FlaskForm):
    username = StringField("User name", [DataRequired(), Length(3, 40), Regexp(r"^[\w.-]+$")])
    email = EmailField("Email", [DataRequired(), Regexp(r"^[^@\s]+@[^@\s]+\.\w+$", message="Invalid email address.")])
    password = PasswordField("Password", [DataRequired(), Length(8, 72)])
    confirm = PasswordField("Repeat password", [DataRequired(), EqualTo("password", "Passwords must match.")])
    news = RadioField("Newsletter", choices=[("daily", "Every day"), ("weekly", "Every week"), ("never", "Never")], validators=[DataRequired()])
    rules = BooleanField("I accept the rules", [DataRequired()])
    submit = SubmitField("Create account")


class Topic(FlaskForm):
    board = SelectField("Board", choices=boards)
    title = StringField("Title", [DataRequired(), Length(3, 120)])
    text = TextAreaField("Text", [DataRequired(), Length(2, 2000)])
    submit = SubmitField("Post")


class Reply(FlaskForm):
    text = TextAreaField("Your answer", [DataRequired(), Length(2, 2000)])
    submit = SubmitField("Reply")


class Search(FlaskForm):
    class Meta:
        csrf = False

    q = StringField("Search")
    submit = SubmitField("Go")


class Profile(FlaskForm):
    signature = StringField("Signature", [Length(0, 80)])
    submit = SubmitField("Save changes")


class Leave(FlaskForm):
    submit = SubmitField("Log out")


PAGE = """<!doctype html><html lang=en><head><title>{{ title }} - Forum</title></head><body>
<header><a href="/">Forum</a> <form action="/search">{{ search.q.label }} {{ search.q }} {{ search.submit }}</form>
{% if user %}<a href="/topics/new">New topic</a> <a href="/profile">{{ user }}</a>
<form method=post action="/logout">{{ leave.csrf_token }}{{ leave.submit }}</form>
{% else %}<a href="/login">Sign in</a> <a href="/register">Register</a>{% endif %}</header>
{% for message in get_flashed_messages() %}<div class=flash>{{ message }}</div>{% endfor %}
<main><h1>{{ title }}</h1>
{% if topic %}<p>{{ topic.text }}</p><small>by {{ topic.by }} in {{ topic.board }}</small>
{% for reply in topic.replies %}<blockquote>{{ reply.text }} <small>{{ reply.by }}</small></blockquote>{% endfor %}{% endif %}
{% if listed is not none %}<ul>{% for one in listed %}<li><a href="/topics/{{ one.id }}">{{ one.title }}</a> {{ one.replies|length }} replies, by {{ one.by }}</li>{% endfor %}</ul>
{% if older %}<a href="/?page={{ older }}">Older topics</a>{% endif %}{% endif %}
{% if form %}<form method=post>{{ form.csrf_token }}
{% for field in form if field.type not in ("CSRFTokenField", "SubmitField") %}<p>{{ field.label }} {{ field }}
{% for error in field.errors %}<span class=error>{{ error }}</span>{% endfor %}</p>{% endfor %}{{ form.submit }}</form>{% endif %}
</main></body></html>"""


def page(title, form=None, topic=None, listed=None, older=None):
    return render_template_string(
        PAGE, title=title, form=form, topic=topic, listed=listed, older=older,
        user=session.get("user"), search=Search(), leave=Leave(),
    )


def needs_user():
    return None if "user" in session else redirect(url_for("login", next=request.path))


@app.get("/")
def index():
    number = request.args.get("page", 1, type=int)
    newest = topics[::-1]
    return page("Topics", listed=newest[(number - 1) * 10 : number * 10], older=number + 1 if len(newest) > number * 10 else None)


@app.get("/search")
def search():
    asked = request.args.get("q", "").lower()
    return page("Results", listed=[one for one in topics if asked in one["title"].lower()][:10])


@app.route("/login", methods=["GET", "POST"])
def login():
    form = Login()
    if form.validate_on_submit():
        user = users.get(form.username.data)
        if user is not None and user["password"] == form.password.data:
            session["user"] = form.username.data
            return redirect(request.args.get("next") or "/")
        form.password.errors = ["Wrong user name or password."]
    return page("Sign in", form)


@app.post("/logout")
def logout():
    session.clear()
    flash("You are logged out.")
    return redirect("/")


@app.route("/register", methods=["GET", "POST"])
def register():
    form = Register()
    if form.validate_on_submit():
        with lock:
            if form.username.data in users:
                form.username.errors = ["This name is taken."]
                return page("Register", form)
            users[form.username.data] = {"password": form.password.data, "signature": "", "email": form.email.data, "new": True}
        session["user"] = form.username.data
        flash("Welcome! Your account is ready.")
        return redirect("/")
    return page("Register", form)


@app.route("/topics/new", methods=["GET", "POST"])
def new_topic():
    if (away := needs_user()) is not None:
        return away
    form = Topic()
    if form.validate_on_submit():
        with lock:
            topics.append({
                "id": len(topics) + 1, "board": form.board.data, "title": form.title.data, "text": form.text.data,
                "by": session["user"], "replies": [], "new": True,
            })
            number = len(topics)
        return redirect(f"/topics/{number}")
    return page("New topic", form)


@app.route("/topics/<int:number>", methods=["GET", "POST"])
def topic(number):
    if not 1 <= number <= len(topics):
        abort(404)
    one = topics[number - 1]
    form = Reply() if "user" in session else None
    if form is not None and form.validate_on_submit():
        one["replies"].append({"text": form.text.data, "by": session["user"]})
        flash("Your answer is posted.")
        return redirect(f"/topics/{number}")
    return page(one["title"], form, topic=one)


@app.route("/profile", methods=["GET", "POST"])
def profile():
    if (away := needs_user()) is not None:
        return away
    form = Profile(signature=users[session["user"]]["signature"])
    if form.validate_on_submit():
        users[session["user"]]["signature"] = form.signature.data
        saved.append(form.signature.data)
        flash("Your profile is saved.")
        return redirect("/profile")
    return page("Your profile", form)


@app.get("/books")
def books():
    return jsonify(users=users, topics=topics, saved=saved)


app.run(port=int(os.environ["PORT"]), threaded=True)
