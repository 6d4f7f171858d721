import { type ClientOptions, SimpleShardingStrategy, WebSocketShardStatus } from "discord.js";

type Build = NonNullable<NonNullable<ClientOptions["ws"]>["buildStrategy"]>;
type Strategy = ReturnType<Build>;

/** Milliseconds between looks at a connection that is to end and does not stand just now. */
const LOOK = 250;

/**
 * The library's way to hold a connection, except for its end: asked to end while it is between two tries to connect,
 * the library goes on trying. Here such a connection is ended as soon as it stands.
 */
export const buildStrategy: Build = (manager): Strategy => {
	const inner = new SimpleShardingStrategy(manager);
	const stands = async (): Promise<boolean> => {
		const statuses = await inner.fetchStatus();
		return statuses.every(
			(status) => status === WebSocketShardStatus.Ready || status === WebSocketShardStatus.Resuming,
		);
	};
	return {
		spawn: (shardIds) => inner.spawn(shardIds),
		connect: () => inner.connect(),
		send: (shardId, payload) => inner.send(shardId, payload),
		fetchStatus: () => inner.fetchStatus(),
		async destroy(options) {
			if (await stands()) return inner.destroy(options);
			const looking = setInterval(() => {
				void stands().then((now) => {
					if (!now) return;
					clearInterval(looking);
					void inner.destroy(options);
				});
			}, LOOK);
			looking.unref();
		},
	};
};
