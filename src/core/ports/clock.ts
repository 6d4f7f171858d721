/** The program's clock. Rules take `now`; only those who start something read it. */
export interface Clock {
	now(): Date;
}

/** Uniform in [0, 1). */
export type Random = () => number;
