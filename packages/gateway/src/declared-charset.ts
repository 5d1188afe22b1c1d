/** Of an XML declaration. */
const XML = /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w:.-]+)/i;
/** Where a tag or a comment begins. */
const BEGIN = /<(?:!--|[!?]|\/?[a-z])/gi;
const NAME = /[a-z]+(?=[\s/>])/iy;
const ATTRIBUTE = /[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/gy;
const IN_CONTENT = /charset\s*=\s*["']?\s*([\w:.-]+)/i;
/** The content of a `meta` without a pragma that still is a content type. */
const MEDIA_TYPE = /^\s*[\w-]+\/[\w.+-]+\s*;/;

/**
 * The character encoding that a page or an XML document declares of itself: in a `meta` that is one, not in a comment and
 * not in another attribute. Source: HTML, "prescan a byte stream to determine its encoding".
 * @param text the beginning of the document, its bytes as characters
 */
export function declaredCharset(text: string): string | undefined {
  const xml = XML.exec(text)?.[1];
  if (xml !== undefined) return xml;
  let at = 0;
  for (;;) {
    BEGIN.lastIndex = at;
    const begin = BEGIN.exec(text);
    if (begin === null) return undefined;
    const start = begin.index;
    if (begin[0] === "<!--") at = after(text, "-->", start + 2);
    else if (/[!?]/.test(begin[0])) at = after(text, ">", start);
    else {
      NAME.lastIndex = start + 1;
      const tag = NAME.exec(text)?.[0].toLowerCase();
      const attributes = new Map<string, string>();
      at = readAttributes(
        text,
        start + begin[0].length + (tag === undefined ? 0 : tag.length - 1),
        attributes,
      );
      if (tag !== "meta") continue;
      const content = attributes.get("content") ?? "";
      const pragma =
        attributes.get("http-equiv")?.toLowerCase() === "content-type" || MEDIA_TYPE.test(content);
      const charset = attributes.get("charset") ?? (pragma ? IN_CONTENT.exec(content)?.[1] : undefined);
      if (charset !== undefined && charset.trim() !== "") return charset.trim();
    }
  }
}

/** The position behind a mark; the end of the text if it has no such mark. */
function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

/** Reads the attributes of a tag, of two with one name the first, and returns where the tag ends. */
function readAttributes(text: string, from: number, attributes: Map<string, string>): number {
  let at = from;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(text);
    if (match === null) return after(text, ">", at);
    const [whole, name = "", double, single, plain = ""] = match;
    if (!attributes.has(name.toLowerCase())) attributes.set(name.toLowerCase(), double ?? single ?? plain);
    at += whole.length;
  }
}
