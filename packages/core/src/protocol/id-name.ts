/** Names that identify the object whose field they are. */
const PLAIN = /^_?(?:id|uuid|guid|key|code|slug|sku|number|no|ref|reference)$/i;
/** The same as the last word of a name: `order_id`, `orderId`, `orderIDs`. */
const SUFFIX =
  /(?:[_-](?:id|uuid|guid|key|code|slug|sku|number|no|ref|reference)s?|(?:Id|ID|Uuid|UUID|Guid|GUID|Key|Code|Slug|Sku|SKU|Number|No|Ref|Reference)s?)$/;
/**
 * The same without a separator between the words: `userid`, `isbncode`. Short ones end many other words, and are left
 * out.
 */
const JOINED = /^[a-z]{2,}(?:id|uuid|guid|key|code|slug|number|reference)s?$/;
const OTHER_WORDS =
  /(?:(?:pa|vo|r?ap|gr|ra|val|flu|sol|andro|aster|k|b|m|d|l|av|sa|la|hum|viv|tim|liqu|plac|hybr|stup|splend|cand|arid|forb|squal|ac)id|(?:mon|tur|ho|whis|joc|hus|don)key|barcode|unicode|decode|encode)s?$/;

/** Whether a field's name identifies objects without saying which: `id`, `_id`, `uuid`, `key`. */
export const isPlainIdName = (name: string): boolean => PLAIN.test(name);

/**
 * Whether a field's name means an identifier: `id`, `order_id`, `orderId`, `userid`.
 * @param lists whether a name for several ids counts too: `productIds`
 */
export function isIdName(name: string, lists = false): boolean {
  if (PLAIN.test(name)) return true;
  if (!SUFFIX.test(name) && !(JOINED.test(name) && !OTHER_WORDS.test(name)))
    return lists && PLAIN.test(name.replace(/s$/, ""));
  return lists || !name.endsWith("s");
}

/** The thing that an id's name identifies: `order` of `orderId`; the name itself if it is no id. */
export function withoutIdSuffix(name: string): string {
  if (SUFFIX.test(name)) return name.replace(SUFFIX, "");
  return JOINED.test(name) && !OTHER_WORDS.test(name)
    ? name.replace(/(?:id|uuid|guid|key|code|slug|number|reference)s?$/, "")
    : name;
}
