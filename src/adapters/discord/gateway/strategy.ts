import { type ClientOptions, SimpleIdentifyThrottler, SimpleShardingStrategy, WebSocketShardStatus } from "discord.js";

type ConnectionOptions = NonNullable<ClientOptions["ws"]>;
type Build = NonNullable<ConnectionOptions["buildStrategy"]>;
type Strategy = ReturnType<Build>;
type BuildThrottler = NonNullable<ConnectionOptions["buildIdentifyThrottler"]>;

/** How often to check whether a connection that should end is connected yet, in milliseconds. */
const CHECK_INTERVAL = 250;

/**
 * The library's connection strategy with one correction: if told to end between two tries to connect, the library keeps
 * trying. This one closes the connection as soon as it is connected.
 */
export const buildStrategy: Build = (manager): Strategy => {
	const inner = new SimpleShardingStrategy(manager);
	const isConnected = async (): Promise<boolean> => {
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
			if (await isConnected()) return inner.destroy(options);
			const checking = setInterval(() => {
				void isConnected().then((now) => {
					if (!now) return;
					clearInterval(checking);
					void inner.destroy(options);
				});
			}, CHECK_INTERVAL);
			checking.unref();
		},
	};
};

/**
 * The library's wait between two identifications with one correction: a connection that closed meanwhile gives up. The
 * library would go on, and identify over the next connection: over one that is not open yet, that ends the process.
 */
export const buildIdentifyThrottler: BuildThrottler = async (manager) => {
	const { session_start_limit: limit } = await manager.fetchGatewayInformation();
	const inner = new SimpleIdentifyThrottler(limit.max_concurrency);
	return {
		async waitForIdentify(shardId, closed) {
			await inner.waitForIdentify(shardId, closed);
			closed.throwIfAborted();
		},
	};
};
