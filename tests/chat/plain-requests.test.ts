import { expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { callHinted, callWished } from "../../src/chat/plain-requests.ts";
import { realBank } from "../support/bank.ts";

const search = (words: string, difficulty?: string) => ({
	command: "search",
	options: { words, ...(difficulty ? { difficulty } : {}) },
});
const call = (command: string, options: Readonly<Record<string, string>> = {}) => ({ command, options });

const WISHES: readonly (readonly [string, ReturnType<typeof call>])[] = [
	// A beginner, in whole sentences.
	["give me something on transformers", search("transformers")],
	["can you ask me something about attention please", call("practice", { focus: "attention" })],
	["please show me a question on tokenization", search("tokenization")],
	["I want to practise embeddings", call("practice", { focus: "embeddings" })],
	["I would like a question about word2vec", search("word2vec")],
	["what is rope", search("rope")],
	["what is the difference between bert and gpt", search("bert and gpt")],
	["how does beam search work", search("beam search")],
	["could you explain layer normalization to me", search("layer normalization")],
	["tell me about positional encoding", search("positional encoding")],
	["how do i set my interview date", call("help", { command: "settings interview" })],
	["how do I see my streak", call("help", { command: "streak" })],
	["how can I stop", call("help", { command: "stop" })],
	["what should I practise next", call("practice")],
	["what can you do", call("help")],
	["give me a question", call("random")],
	["ask me something", call("random")],
	["i wanna learn about moe", search("moe")],
	["help me with attention", search("attention")],
	// An engineer in a hurry.
	["quiz me on rag", call("practice", { focus: "rag" })],
	["test me on fine-tuning", call("practice", { focus: "fine-tuning" })],
	["lora questions", search("lora")],
	["something about kv cache", search("kv cache")],
	["more on decoding", search("decoding")],
	["random transformers question", call("random", { category: "transformers" })],
	["random easy", call("random", { difficulty: "basic" })],
	["hard questions on inference", search("inference", "advanced")],
	["a hard one", call("random", { difficulty: "advanced" })],
	["system design question", call("random", { category: "system-design" })],
	["5 questions on transformers", call("practice", { focus: "transformers", count: "5" })],
	["ten questions please", call("practice", { count: "10" })],
	["let's practice attention", call("practice", { focus: "attention" })],
	["interview questions on rag", search("rag")],
	["surprise me", call("random")],
	["prompt injection", search("prompt injection")],
	["next token prediction", search("next token prediction")],
	["test set contamination", search("test set contamination")],
	["perplexity?", search("perplexity")],
	["pls gimme sth on llm agents", search("llm agents")],
	["practice rag for 10 questions", call("practice", { focus: "rag", count: "10" })],
	["practice 3 hard ones", call("practice", { focus: "advanced", count: "3" })],
	["intermediate", call("random", { difficulty: "intermediate" })],
	["more please", call("random")],
	// Somebody who comes back.
	["how am i doing", call("stats")],
	["what do i have due today", call("stats")],
	["what did i answer yesterday", call("history")],
	["easier please", call("random", { difficulty: "basic" })],
	["let's go", call("practice")],
	["when is my interview?", call("settings show")],
	["When's my interview", call("settings show")],
	["how do i quit", call("help")],
	["what does freeze mean", call("streak")],
	["todays question", call("today")],
	["open todays question", call("today")],
	["question of the day", call("today")],
	["show my stats", call("stats")],
	["show me my history", call("history")],
	["my streak", call("streak")],
	["show me the answer", call("reveal", { ask: "yes" })],
	["give me a hint", call("hint")],
	["could i get a quick check", call("help", { command: "check" })],
	// Somebody with an interview on Thursday.
	["what will they ask about LoRA", search("LoRA")],
	["behavioural questions", call("practice", { focus: "behavioral" })],
	["quiz me on tokenisation", call("practice", { focus: "tokenization" })],
	["rapid fire round", call("practice", { focus: "rapid-fire" })],
	["system design questions please", call("practice", { focus: "system-design" })],
	["mock interview", call("practice")],
	["let's do a 30 minute interview", call("practice")],
	["what should I revise today", call("practice")],
	["show me what I got wrong", call("practice", { focus: "missed" })],
	["what did I miss", call("practice", { focus: "missed" })],
	["my weak spots", call("practice", { focus: "weak" })],
	["what do I need to work on", call("practice", { focus: "weak" })],
	["something on evaluation, not too hard", search("evaluation", "intermediate")],
	["drill me on the basics", call("random", { difficulty: "basic" })],
	["how long is my streak", call("streak")],
	["who is winning", call("leaderboard")],
	["show my past answers", call("history")],
	["when is the next question", call("today")],
	["how does this work", call("help")],
	["I don't know", call("hint")],
	["I'm done for today", call("stop")],
];

test("plain wishes are calls: a topic is searched for, a command is run, and how a thing is done is its help", async () => {
	const bank = await realBank();
	expect(WISHES.map(([text]) => [text, callWished(text, COMMANDS, bank)])).toEqual(WISHES);
});

test("an answer, a remark, and a wish that would change something are no wishes", async () => {
	const bank = await realBank();
	const texts = [
		"The query attends to every key, and the softmax gives the weights.",
		"It scales the logits by temperature",
		"I would first look at the data",
		"Attention weighs each token against all others",
		"Because gradients vanish in long chains",
		"We need to normalise the logits before sampling",
		"I want the stakeholders to agree on a metric first",
		"When we interview, the forget gate forgets.",
		"bertology is fun",
		"hello",
		"thanks",
		"next day",
		"practice 0",
		"practice 21",
		"I have an interview on thursday",
		"set interview date to 3 december",
		"change my reminder",
	];
	expect(texts.filter((text) => callWished(text, COMMANDS, bank) !== null)).toEqual([]);
});

test("a wish that would change something is offered, with the options that it says", () => {
	const offered = {
		"delete my data": call("settings forget"),
		"export my answers": call("settings export"),
		"remind me every day": call("settings reminders", { hours: "3" }),
		"stop reminding me": call("settings reminders", { hours: "0" }),
		"my interview is next week": call("settings interview"),
		"I want to suggest a question": call("suggest"),
		"this answer is wrong": call("report"),
	};
	const found = Object.keys(offered).map((text) => [text, callHinted(text, COMMANDS)]);
	expect(Object.fromEntries(found)).toEqual(offered);
	expect(callHinted("The data is wrong more often than the model.", COMMANDS)).toBeNull();
});

test("a search leaves out the words of a wish", async () => {
	const bank = await realBank();
	const ids = (words: string) => bank.search(words).map(({ id }) => id);
	expect(ids("give me something on lora, please")).toEqual(ids("lora"));
	expect(ids("a question about beam search")).toEqual(ids("beam search"));
});
