/** The program's clock. Rules take `now` as an argument; only entry points read the clock. */
export interface Clock {
	now(): Date;
}

/** Uniform in [0, 1). */
export type Random = () => number;
