/** An action that a member takes once, and that leaves one row when it is saved. */
export type Act =
	| { readonly type: "report"; readonly mark: string }
	| { readonly type: "answer"; readonly mark: string }
	/** In a separate channel. */
	| { readonly type: "schedule"; readonly mark: string };

/** A local platform with members who each act once, and with what they are told. */
export interface Peer {
	readonly kinds: readonly Act["type"][];
	/** What a worker needs to connect. */
	readonly settings: Readonly<Record<string, string>>;
	/** Called when a worker has connected. */
	connected(port: number | null, give: (line: string) => void): void;
	/** The member named by the act's mark acts. */
	act(act: Act): void;
	/** The same member asks for help: the reply includes what they are owed. */
	askForHelp(mark: string): Promise<void>;
	/** Everything the member was told, oldest first. */
	told(mark: string): readonly string[];
	/** Whether the program has told the platform that it accepted the act. */
	wasTaken(mark: string): boolean;
	/** The channel in which an act's schedule posts. */
	channelOf(mark: string): string;
	/** Receives a worker's output, on a platform that reads it. */
	hear?(text: string): void;
	stop(): Promise<void>;
}

export const lineOf = (act: Act): string => {
	switch (act.type) {
		case "report":
			return `report question-1 ${act.mark}`;
		case "answer":
			return `answer question-2 ${act.mark}`;
		case "schedule":
			return "schedule add 09:00 UTC daily";
	}
};
