import { DAY, HOUR, MINUTE } from "../../core/durations.ts";
import { UserError } from "../../core/errors.ts";

const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
const MAX_DAYS = 3660;

/**
 * Reads the argument of `/clock`: an instant, or a step such as `+1d`, `+6h`, `-30m`.
 * @throws UserError when it is neither
 */
export function readClockLine(text: string, now: Date): Date {
	const [, sign, amount, unit] = /^([+-])(\d{1,6})([mhdw])$/.exec(text) ?? [];
	const step = unit === undefined ? Number.NaN : Number(amount) * (UNITS[unit] ?? Number.NaN) * (sign === "-" ? -1 : 1);
	const instant = Number.isNaN(step)
		? new Date(/^\d{4}-\d\d-\d\dT/.test(text) ? text : Number.NaN)
		: new Date(now.getTime() + step);
	const far = Math.abs(instant.getTime() - now.getTime()) > MAX_DAYS * DAY;
	if (!Number.isNaN(instant.getTime()) && !far) return instant;
	throw new UserError(
		far
			? "That is more than ten years away. The clock stays where it is."
			: "That is not a date and time. The clock stays where it is.",
		"Write `/clock 2027-03-09T10:00:00Z`, or a step such as `/clock +1d`, `/clock +6h`, `/clock +30m`.",
	);
}
