/** What every bench is and gives; test/bench/run.ts runs them by name. */
export interface BenchContext {
  /** A fresh folder for the bench's data. */
  readonly dir: string;
}

export interface BenchResult {
  readonly name: string;
  readonly rows: number;
  readonly seconds: number;
  /** Rows a second. */
  readonly rate: number;
  readonly p95_ms?: number;
  /** Peak resident memory of each process, in MB. */
  readonly memory_mb: Readonly<Record<string, number>>;
  /** How many times faster than `versus`; null = not compared. */
  readonly ratio: number | null;
  /** The plain way that was compared, and on what size. */
  readonly versus: string;
}

export interface Bench {
  readonly name: string;
  run(context: BenchContext): Promise<BenchResult>;
}
