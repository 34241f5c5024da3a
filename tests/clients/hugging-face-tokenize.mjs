// Encodes and decodes texts with the two Hugging Face implementations, for a test to compare.
// stdin: {"tokenizer": "<tokenizer.json>", "texts": ["…"]}; stdout: {"rust": {"ids": [[…]], "texts": ["…"]}, "javascript": {…}}
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Tokenizer as JavaScriptTokenizer } from "@huggingface/tokenizers";

const { tokenizer, texts } = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(import.meta.url);

const rust = require("tokenizers").Tokenizer.fromString(tokenizer);
const rustIds = [];
const rustTexts = [];
for (const text of texts) {
  const ids = (await rust.encode(text)).getIds();
  rustIds.push(ids);
  rustTexts.push(await rust.decode(ids, false));
}

const javascript = new JavaScriptTokenizer(JSON.parse(tokenizer), {});
const javascriptIds = texts.map((text) => javascript.encode(text).ids);

process.stdout.write(JSON.stringify({
  rust: { ids: rustIds, texts: rustTexts },
  javascript: { ids: javascriptIds, texts: javascriptIds.map((ids) => javascript.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false })) },
}));
