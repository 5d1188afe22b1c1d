"""Django's own admin site with its own models (users and groups), on a free port of 127.0.0.1.

Takes the database's path and the accounts as JSON on the command line; prints the port once it serves.
Nothing of the application is written here: this is only its settings, its tables and its accounts.
"""

import json
import sys
import threading

import django
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import path

database, accounts = sys.argv[1], json.loads(sys.argv[2])
settings.configure(
    SECRET_KEY="only for this test",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    STATIC_URL="/static/",
    USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database}},
    # The default one takes a good part of a second on purpose.
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()

from django.contrib import admin  # noqa: E402 (only after the settings)
from django.contrib.auth.models import User  # noqa: E402

urlpatterns = [path("admin/", admin.site.urls)]


application = get_wsgi_application()
turn = threading.Lock()


def one_at_a_time(environ, start_response):
    """SQLite refuses two transactions that have both read and now want to write."""
    with turn:
        return application(environ, start_response)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


call_command("migrate", verbosity=0)
for account in accounts:
    User.objects.create_superuser(account["username"], password=account["password"])
server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
server.daemon_threads = True
server.set_app(one_at_a_time)
print(server.server_port, flush=True)
server.serve_forever()
