/** Characters of an operation's name in a table; the operation's own row opens to all of it. */
export const NAME_CHARS = 120;
