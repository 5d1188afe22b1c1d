/** A public application, as it is brought from a package registry, or found at an address. */
export interface PublicApplication {
  name: string;
  /** Starts it with an empty database. */
  start(): Promise<RunningApplication>;
}

/** A public application that runs. */
export interface RunningApplication {
  /** The target of a configuration, in YAML. */
  target: string;
  goals: readonly PublicGoal[];
  close(): Promise<void>;
}

/** A goal as a user words it. */
export interface PublicGoal {
  name: string;
  prompt: string;
  /** The goal's `data` in YAML. */
  data?: string;
  /** The goal's checks in YAML. */
  success: string;
  /** Number of times that the application's own database shows the goal as reached. */
  confirmed: () => Promise<number>;
}
