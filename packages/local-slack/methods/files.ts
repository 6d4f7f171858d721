import type { FilesCompleteUploadExternalArguments } from "@slack/web-api";
import { z } from "zod";
import { ApiError } from "../errors.ts";
import { keepMessage } from "../peer.ts";
import { checkContent } from "../schema/message.ts";
import type { Message, SlackFileRecord } from "../world.ts";
import { accept, argsOf, botMethod, type Call, id, refusal, words, writableChannel } from "./method.ts";

const ALT_LIMIT = 1000;

/** Slack's names. `@slack/web-api` calls the third one `alt_text`, which Slack does not know and silently drops. */
interface UploadUrlArguments {
	filename: string;
	length: number;
	alt_txt?: string;
	snippet_type?: string;
}

const getUploadUrl = botMethod({
	name: "files.getUploadURLExternal",
	scope: "files:write",
	args: argsOf<UploadUrlArguments>()({
		filename: id,
		length: z.coerce.number().int().min(1),
		alt_txt: words,
		snippet_type: words,
	}),
	run(args, call) {
		const { peer } = call;
		if ((args.alt_txt ?? "").length > ALT_LIMIT) {
			throw refusal(peer, call.method, "alt_txt_too_large", [`above ${ALT_LIMIT}`], args);
		}
		const file: SlackFileRecord = {
			id: peer.world.newId("F"),
			team: call.team.id,
			filename: args.filename,
			altTxt: args.alt_txt,
			declaredLength: args.length,
			title: undefined,
			bytes: undefined,
			completed: false,
		};
		peer.world.files.set(file.id, file);
		return { upload_url: `${peer.origin}/upload/v1/${file.id}`, file_id: file.id };
	},
});

const uploads = z.array(z.strictObject({ id, title: words, highlight_type: words })).min(1);

function share(call: Call, files: SlackFileRecord[], where: { channel: string; thread?: string; comment?: string }) {
	const { world, clock } = call.peer;
	const { channel, home } = writableChannel(call, where.channel);
	const comment =
		where.comment === undefined
			? undefined
			: accept(call.peer, call.method, checkContent({ text: where.comment }), where.comment);
	const message: Message = {
		team: channel.team,
		channel: channel.id,
		ts: world.newTs(clock.now()),
		threadTs: where.thread,
		text: comment?.text ?? "",
		blocks: [],
		metadata: undefined,
		files,
		user: home.botUserId,
		botId: home.botId,
		ephemeralTo: undefined,
		source: "upload",
		edits: [],
		editedTs: undefined,
		deleted: false,
	};
	keepMessage(call.peer, message);
}

const complete = botMethod({
	name: "files.completeUploadExternal",
	scope: "files:write",
	args: argsOf<FilesCompleteUploadExternalArguments>()({
		files: uploads,
		channel_id: words,
		thread_ts: words,
		initial_comment: words,
	}),
	run(args, call) {
		const files = args.files.map(({ id: name, title }) => {
			const file = call.peer.world.files.get(name);
			if (file === undefined || file.team !== call.team.id) throw new ApiError("file_not_found");
			if (file.bytes === undefined) throw new ApiError("file_update_failed");
			file.title = title;
			return file;
		});
		if (args.channel_id !== undefined) {
			share(call, files, {
				channel: args.channel_id,
				...(args.thread_ts === undefined ? {} : { thread: args.thread_ts }),
				...(args.initial_comment === undefined ? {} : { comment: args.initial_comment }),
			});
		}
		for (const file of files) file.completed = true;
		return { files: files.map((file) => ({ id: file.id, title: file.title ?? file.filename })) };
	},
});

const info = botMethod({
	name: "files.info",
	scope: "files:read",
	args: argsOf<{ file: string }>()({ file: id }),
	run(args, { peer, team }) {
		const file = peer.world.files.get(args.file);
		if (file === undefined || file.team !== team.id) throw new ApiError("file_not_found");
		const url_private = `${peer.origin}/files-pri/${file.id}`;
		return { file: { id: file.id, name: file.filename, size: file.declaredLength, url_private } };
	},
});

export const fileMethods = [getUploadUrl, complete, info];
