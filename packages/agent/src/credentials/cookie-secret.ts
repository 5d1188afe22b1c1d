/** Names of cookies that hold credentials. */
const CREDENTIAL_NAME =
  /sess|(?:^|[_.-])s?id$|^s?id[_.-]|auth|token|jwt|csrf|xsrf|remember|login|secret|passw/i;
/** Words of a language or a setting, which occur in ordinary text: `en-gb`, `dark`, `order_list`. */
const WORDS = /^[a-z]+(?:[-_ ][a-z]+)*$/i;
const LETTER = /[a-z]/i;
const DIGIT = /\d/;

const MIN_NAMED = 6;
const MIN_HTTP_ONLY = 8;
const MIN_RANDOM = 16;

/**
 * Whether the value of a cookie is a credential, by its name, its attributes, or its form. Others are settings, such as
 * a language, and masking them would blank out unrelated text.
 */
export function isSecretCookie({
  name,
  value,
  httpOnly,
}: {
  name: string;
  value: string;
  httpOnly: boolean;
}): boolean {
  if (WORDS.test(value) && value.length < MIN_RANDOM) return false;
  if (CREDENTIAL_NAME.test(name)) return value.length >= MIN_NAMED;
  if (httpOnly) return value.length >= MIN_HTTP_ONLY;
  return value.length >= MIN_RANDOM && LETTER.test(value) && DIGIT.test(value);
}
