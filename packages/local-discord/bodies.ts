import { z } from "zod";

const SelectOption = z.looseObject({
	label: z.string(),
	value: z.string(),
	description: z.string().nullish(),
	default: z.boolean().nullish(),
});

const ComponentSchema = z.looseObject({
	type: z.number(),
	id: z.number().nullish(),
	custom_id: z.string().nullish(),
	style: z.number().nullish(),
	label: z.string().nullish(),
	url: z.string().nullish(),
	sku_id: z.string().nullish(),
	emoji: z.looseObject({}).nullish(),
	disabled: z.boolean().nullish(),
	placeholder: z.string().nullish(),
	min_values: z.number().nullish(),
	max_values: z.number().nullish(),
	min_length: z.number().nullish(),
	max_length: z.number().nullish(),
	required: z.boolean().nullish(),
	value: z.string().nullish(),
	content: z.string().nullish(),
	options: z.array(SelectOption).nullish(),
	default_values: z.array(z.looseObject({ id: z.string() })).nullish(),
	get components(): z.ZodOptional<z.ZodNullable<z.ZodArray<typeof ComponentSchema>>> {
		return z.array(ComponentSchema).nullish();
	},
	get component(): z.ZodOptional<z.ZodNullable<typeof ComponentSchema>> {
		return ComponentSchema.nullish();
	},
	get accessory(): z.ZodOptional<z.ZodNullable<typeof ComponentSchema>> {
		return ComponentSchema.nullish();
	},
});

const Media = z.looseObject({ url: z.string().nullish() });

const EmbedSchema = z.looseObject({
	title: z.string().nullish(),
	description: z.string().nullish(),
	url: z.string().nullish(),
	color: z.number().nullish(),
	timestamp: z.string().nullish(),
	author: z.looseObject({ name: z.string().nullish() }).nullish(),
	footer: z.looseObject({ text: z.string().nullish() }).nullish(),
	image: Media.nullish(),
	thumbnail: Media.nullish(),
	fields: z.array(z.looseObject({ name: z.string(), value: z.string(), inline: z.boolean().nullish() })).nullish(),
});

const MentionList = z.array(z.string()).nullish();

/** What all bodies with a message have in common. The generated schemas decide which keys each route accepts. */
export const MessageBodySchema = z.looseObject({
	content: z.string().nullish(),
	embeds: z.array(EmbedSchema).nullish(),
	components: z.array(ComponentSchema).nullish(),
	flags: z.number().nullish(),
	allowed_mentions: z
		.looseObject({
			parse: MentionList,
			users: MentionList,
			roles: MentionList,
			replied_user: z.boolean().nullish(),
		})
		.nullish(),
	attachments: z
		.array(z.looseObject({ id: z.string(), filename: z.string().nullish(), description: z.string().nullish() }))
		.nullish(),
	sticker_ids: z.array(z.string()).nullish(),
	poll: z.looseObject({}).nullish(),
	nonce: z.union([z.string(), z.number()]).nullish(),
	enforce_nonce: z.boolean().nullish(),
	message_reference: z.looseObject({ message_id: z.string() }).nullish(),
});

export const ModalBodySchema = z.looseObject({
	custom_id: z.string(),
	title: z.string(),
	components: z.array(ComponentSchema),
});

const ChoiceSchema = z.looseObject({ name: z.string(), value: z.union([z.string(), z.number()]) });
export const ChoicesBodySchema = z.looseObject({ choices: z.array(ChoiceSchema) });
export const CallbackBodySchema = z.looseObject({ type: z.number(), data: z.unknown().optional() });

const OptionSchema = z.looseObject({
	type: z.number(),
	name: z.string(),
	description: z.string(),
	required: z.boolean().nullish(),
	autocomplete: z.boolean().nullish(),
	choices: z.array(ChoiceSchema).nullish(),
	channel_types: z.array(z.number()).nullish(),
	min_length: z.number().nullish(),
	max_length: z.number().nullish(),
	min_value: z.number().nullish(),
	max_value: z.number().nullish(),
	get options(): z.ZodOptional<z.ZodNullable<z.ZodArray<typeof OptionSchema>>> {
		return z.array(OptionSchema).nullish();
	},
});

export const CommandBodySchema = z.looseObject({
	type: z.number().nullish(),
	name: z.string(),
	description: z.string().nullish(),
	options: z.array(OptionSchema).nullish(),
	default_member_permissions: z.union([z.string(), z.number()]).nullish(),
	dm_permission: z.boolean().nullish(),
	contexts: z.array(z.number()).nullish(),
	integration_types: z.array(z.number()).nullish(),
	nsfw: z.boolean().nullish(),
});

export type Component = z.infer<typeof ComponentSchema>;
export type Embed = z.infer<typeof EmbedSchema>;
export type MessageBody = z.infer<typeof MessageBodySchema>;
export type ModalBody = z.infer<typeof ModalBodySchema>;
export type Choice = z.infer<typeof ChoiceSchema>;
export type CommandOption = z.infer<typeof OptionSchema>;
export type CommandBody = z.infer<typeof CommandBodySchema>;
