/**
 * Whether a relative path, normalized, leads out of the folder that it begins in. A name that begins with two dots, such as
 * `..accounts.csv`, does not.
 */
export const leadsOut = (path: string): boolean => /^\.\.(?:[/\\]|$)/.test(path);
