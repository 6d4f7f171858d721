/** The bank of the pictures. It stays the same, so that questions added later need no new pictures. */
export const PICTURED: ReadonlySet<string> = new Set(
	`
	ab-test-llm-feature accuracy-vs-cost-tradeoff adamw-warmup-schedule agent-evaluation agent-loop-trace
	ai-tools-own-work ann-index-internals annotator-agreement attention-code-bugs attention-sinks
	base-to-reasoning-model batch-step-epoch beam-search-vs-sampling benchmark-contamination bert-long-documents
	bert-vs-gpt bias-metrics bleu-score bm25-ranking bow-tfidf-limits bpe-merges-by-hand bpe-vs-wordpiece
	byte-level-tokenization causal-mask chain-of-thought chat-roles chat-template-mismatch chatbot-memory-design
	checkpoint-averaging chose-not-llm chunking-strategies code-completion-design coding-agent-evaluation
	content-moderation-design context-engineering-agents context-window-limits continual-pretraining
	contrastive-sentence-embeddings coreference-entity-linking cosine-vs-euclidean cross-validation-text
	cuda-oom-finetuning data-drift-response data-flywheel-design data-order-annealing dataset-shortcuts
	decoder-walkthrough deep-research-agent dependency-parsing diffusion-language-models distributed-training
	document-extraction-design edit-distance embedding-layer embedding-model-choice
	encoder-decoder-cross-attention encoder-vs-decoder-only endless-repetition entropy-cross-entropy-kl
	erase-user-from-model eu-ai-act-gdpr explain-model-to-stakeholders extractive-vs-abstractive-summarization
	failed-deployment-lesson finetuned-llm-hallucination finetuning-overfit-curves finetuning-vs-prompting
	flashattention gqa-mqa-mla graphrag groundedness-evaluation grpo-verifiable-rewards guardrail-layer
	halve-llm-bill hard-vs-soft-prompts hmm-viterbi imbalanced-metrics interpretability-methods
	jailbreaks-and-over-refusal json-first-aid kv-cache label-smoothing language-identification
	late-interaction-colbert learned-sparse-retrieval linear-chain-crf linear-text-classifiers llm-distillation
	llm-eval-ci-design llm-hallucination llm-judge-bias llm-observability llm-serving-platform-design
	llm-training-stages long-context-evaluation lora-peft loss-curve-reading low-gpu-utilization
	low-resource-languages manual-qa-design many-class-few-labels matryoshka-embeddings memorized-pii-leak
	mentoring-story missed-deadline mixture-of-experts model-compression model-context-protocol model-merging
	model-retirement-migration mt-evaluation-beyond-bleu multi-head-attention multi-token-prediction
	multilingual-support-bot muon-vs-adamw named-entity-recognition nan-loss-debugging ngram-smoothing
	nlp-data-leakage norm-placement-rmsnorm number-formats ocr-or-vlm-documents offline-billion-documents-design
	one-gpu-vs-eight overnight-score-jump p99-latency-spikes padding-and-positions
	pagedattention-continuous-batching perplexity pm-feasibility-disagreement positional-encoding
	precision-or-recall-at-k pretraining-data-dedup probability-calibration project-deep-dive
	prompt-cache-economics prompt-injection prompt-to-first-token prompt-versioning quantization-inference
	query-rewriting-hyde rag-answer-not-in-documents rag-basics rag-irrelevant-context ranking-metrics
	refund-agent-design residual-stream responsible-ai-pushback reward-hacking reward-model-bradley-terry
	rl-tool-use rlhf-vs-dpo rnn-sequence-modeling rope-mechanics rouge-score sampling-temperature
	saturated-evaluation-set scaled-dot-product-attention scaling-laws self-attention self-host-or-api
	semantic-search-design sentence-word-segmentation seq2seq-attention sft-data-mixture softmax-classification
	spam-filter-design sparse-attention-layers speculative-decoding speech-to-text-architectures
	state-space-models static-word-embeddings staying-current stemming-vs-lemmatization stop-words
	structured-output-decoding synthetic-training-data test-time-compute text-to-sql-design
	tokenizer-language-fairness tokenizer-vocabulary-size tool-calling-agents tool-retrieval-at-scale
	topic-models-clustering train-validation-test training-memory-savers transformer-activations
	transformer-size-arithmetic translation-api-latency typo-tolerant-search-design unicode-text-traps
	unlearning-and-editing vanishing-gradients vector-databases vision-language-models voice-assistant-design
	weight-tying workflow-or-agents zero-shot-vs-few-shot zipfs-law
`
		.trim()
		.split(/\s+/),
);
