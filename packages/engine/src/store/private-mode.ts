/** Modes of what a run writes: what targets answered is nobody's business but that of the user who started it. */
export const PRIVATE_DIRECTORY = 0o700;
export const PRIVATE_FILE = 0o600;
