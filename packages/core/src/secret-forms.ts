/** `'` in the ways that HTML escapers write it. */
const APOSTROPHES = ["&#39;", "&#x27;", "&apos;"];

/**
 * The forms in which a secret can appear in a text: as it is, percent-encoded (RFC 3986, in both letter cases), as a
 * form value (application/x-www-form-urlencoded), escaped in JSON and in HTML, in base64 and base64url (RFC 4648,
 * without padding).
 * @returns distinct forms, the value itself first
 */
export function secretForms(value: string): string[] {
  const forms = new Set([value]);
  const bytes = new TextEncoder().encode(value);
  const wellFormed = new TextDecoder().decode(bytes);
  const percent = encodeURIComponent(wellFormed);
  forms.add(percent);
  forms.add(percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  const strict = percent.replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  forms.add(strict);
  forms.add(strict.replaceAll("%20", "+"));
  const json = JSON.stringify(value).slice(1, -1);
  forms.add(json);
  forms.add(json.replaceAll("/", "\\/"));
  forms.add(
    json.replaceAll(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
  const html = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  forms.add(html);
  const quoted = html.replaceAll('"', "&quot;");
  forms.add(quoted);
  for (const apostrophe of APOSTROPHES) forms.add(quoted.replaceAll("'", apostrophe));
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
  // Of a few bytes base64 is too short to tell from other words.
  if (bytes.length >= 4) {
    forms.add(base64);
    forms.add(base64.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return [...forms];
}
