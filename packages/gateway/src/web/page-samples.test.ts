import { join } from "node:path";
import { expect, test } from "vitest";
import { readPage } from "./page.ts";
import { TargetUrl } from "./target-url.ts";

const place = new TargetUrl("http://app.test", "");

/** Pages with all that is read of them; beside it what only looks so. */
const PAGES: Readonly<Record<string, string>> = {
  controls: `<title>All <b>controls</b></title><h1 hidden>Not this</h1><h1> </h1><h1>Fill <br> in</h1>
<form action=send method=POST enctype="Multipart/Form-Data"><fieldset><legend>Everything</legend>
<label for=a>A <small>name</small></label><input id=a name=a value=" x " required>
<label>Wrapped <input name=b type=EMAIL placeholder=no></label>
<input name=c placeholder="Place" title="no"><input name=d title="Title"><input name=e aria-label="Aria" placeholder="no">
<input name=n type=number min=1 max=9.5 value=3><input name=n2 type=number min=x max="">
<input type=text value="nameless"><input name=h type=hidden value=t><input name=off disabled>
<textarea name=t>
 two
lines</textarea><textarea name=t2 required></textarea>
<select name=s required><option value=1>One<option selected>Two<option disabled>Three</select>
<select name=m multiple><optgroup label=G><option value=x selected>X</optgroup><option value=y selected>Y</select>
<input type=checkbox name=c1 value=yes checked id=c1><label for=c1>Agree</label>
<fieldset><legend>Colours</legend><label><input type=checkbox name=c2 value=r>Red</label><label><input type=checkbox name=c2 checked>Green</label></fieldset>
<div role=radiogroup aria-label=Sizes><input type=radio name=r value=s required id=r1><label for=r1>Small</label><input type=radio name=r value=l checked>Large</div>
<input type=file name=f><input type=password name=p><input type=date name=day min=2026-01-01><input type=range name=rg>
<datalist><input name=inlist></datalist><fieldset disabled><input name=insetoff></fieldset>
<button type=button name=x>No</button><input type=reset value=No><button name=go value=1> Send <i>it</i> </button>
<input type=submit name=go2 value="Second"><input type=image alt=Picture name=img><button aria-label="Third" name=go3></button><button title=Fourth name=go4></button><input type=submit>
</fieldset></form>`,
  forms: `<base href="/app/"><form id=one><input name=q type=search></form><input name=outside form=one>
<form action="http://elsewhere.test/x" method=post><input name=a></form>
<form method=dialog><button>Close</button></form>
<form method=post action="?a=1" aria-label="Labelled"><input name=a><button formnovalidate name=draft>Save draft</button><button name=ok>Save</button></form>
<form method=post action=/a enctype=text/plain accept-charset="odd, koi8-r"><h2>Heading <em>two</em></h2><input name=a></form>
<form method=post action=/b><input name=a><button formaction=/b/delete>Delete</button><button formmethod=get>Look</button><button>Save</button></form>
<form method=put action=/c enctype=odd><input name=a></form>
<nav><form action=/search><input name=q><button>Go</button></form></nav>
<div class="side-bar x"><form action=/d><input name=a></form></div><div role=banner><form action=/e><input name=a></form></div>
<div id="modal-1"><form action=/f><input name=a></form></div><main><form action=/g><input name=a></form></main>
<div class=sidebars><form action=/h><input name=a></form></div>
<ul><li>First <form action=/i><button>Remove</button></form><li>Second <form action=/i><button>Remove</button></form></ul>
<form></form><form action=/j><p>Nothing</p></form>`,
  links: `<meta http-equiv=" Refresh " content="3; url='/next'"><a href=/a>One</a><a href=/a>One</a><a href=/a>Other</a>
<a href="#here">Here</a><a href="">Empty</a><a>None</a><a hidden href=/b>Hidden</a><a style="display : none" href=/b>Hidden</a>
<a href=/c style="color:red">Shown</a><a href=/d aria-label=Aria></a><a href=/e title=Title></a><a href=/f><img alt=Image></a><a href=/g></a>
<a href="//app.test/h">Same</a><a href="http://app.test:81/i">Other port</a><a href="mailto:a@b.c">Mail</a><a href="javascript:x()">Script</a>
<a href="../j?x=1#y">Up</a><map><area href=/k alt=Area></map>
<table><tr><td>Lamp<td>$5<td><a href=/l/1>Buy</a><tr><td>Desk<td>$9<td><a href=/l/2>Buy</a></table>
<ul><li>Chair <a href=/m>Show</a><li><a href=/n>Stool</a></ul><article><h3>News</h3><p><a href=/o>More</a></article>
<nav><a href=/p>Home</a></nav>`,
  text: `<title>  </title><svg><title>Icon</title><text>no</text></svg><head><title>Late</title></head><body>
<p>One<p>Two <b>bold</b><i>er</i><br>Three<div>Four<div>Five</div></div><script>no()</script><style>no</style><noscript>no</noscript>
<template>no</template><span hidden>no</span><span style="visibility: hidden">no</span><iframe>no</iframe>
<table><tr><th>A<th>B<tr><td>1<td>2</table><select><option>no</select><textarea>no</textarea><ul><li>x<li>y</ul><dl><dt>T<dd>D</dl>
a\u00a0\u00a0b   c<pre>d
 e</pre><h1 style="display:none">no</h1>&lt;tag&gt; &amp; &eacute;<!-- no --><p>   <p>End`,
  errors: `<div class="alert alert-danger">Please correct the errors below.</div><form method=post action=/a>
<div class=row><label for=a>Name</label><input id=a name=a class=is-invalid><div class=invalid-feedback>Too short</div></div>
<div class=row><input name=b aria-invalid=true aria-describedby="h1 h2"><span id=h1>Not an</span><span id=h2>address</span></div>
<div class=row><input name=c aria-errormessage=h3><span id=h3>Wrong</span></div>
<div class=row><input name=d aria-invalid=false aria-errormessage=h3></div>
<div class="row has-error"><input name=e><p class=help>Is taken</p></div><div class=row><input name=f class=error></div>
<div class=row><input name=g><div class=invalid-feedback>Waiting</div></div>
<ul class=errorlist><li>Of nobody</ul><div class=row><input name=i><input name=j><span class=error>Of two</span></div>
<div><input type=radio name=k value=1><input type=radio name=k value=2><span class="field-error">Choose</span></div>
<button>Send</button></form><div class="flash notice">Well done</div>`,
};

test.each(Object.entries(PAGES))("the page of %s is read as it was reviewed", async (name, html) => {
  const page = readPage(
    html,
    place.url("/dir/page"),
    place,
    name === "forms" ? { encoding: "windows-1252" } : {},
  );
  await expect(`${JSON.stringify(page, null, 1)}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved", `page-${name}.txt`),
  );
});
