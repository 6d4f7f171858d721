import type { ConnectionObserver } from "../../src/chat/platform.ts";

/** Remembers what an adapter reports about its connection. */
export class RecordingConnection implements ConnectionObserver {
	/** Milliseconds of each first response. */
	readonly acknowledgements: number[] = [];
	reconnects = 0;

	acknowledged(milliseconds: number): void {
		this.acknowledgements.push(milliseconds);
	}

	reconnected(): void {
		this.reconnects += 1;
	}
}
