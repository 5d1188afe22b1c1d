/** File modes of a run's output: only the user who started it may read what targets answered. */
export const PRIVATE_DIRECTORY = 0o700;
export const PRIVATE_FILE = 0o600;
