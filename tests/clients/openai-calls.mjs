// OpenAI's own client against the node: models, chat, streams, completions, errors. Prints one JSON object.
import OpenAI from 'openai'

const client = new OpenAI({ baseURL: process.env.URL + '/v1', apiKey: 'none', maxRetries: 5 })
const models = []
for await (const model of client.models.list()) models.push(model.id)
const one = await client.models.retrieve('basilisk')

const messages = [{ role: 'system', content: 'Answer shortly.' }, { role: 'user', content: 'What is 2 + 2?' }]
const chat = await client.chat.completions.create({ model: 'basilisk', messages, max_tokens: 8, temperature: 0.7, seed: 5, logprobs: true, top_logprobs: 3, n: 2 })
const again = await client.chat.completions.create({ model: `basilisk@${process.env.HEIGHT}`, messages, max_tokens: 8, temperature: 0.7, seed: 5 })
const third = await client.chat.completions.create({ model: `basilisk@${process.env.HEIGHT}`, messages, max_tokens: 8, temperature: 0.7, seed: 5 })

const stream = await client.chat.completions.create({ model: 'basilisk', messages, max_tokens: 12, stream: true, stream_options: { include_usage: true } })
const streamed = { ids: new Set(), text: '', finish: null, usage: null, role: null }
for await (const chunk of stream) {
  streamed.ids.add(chunk.id)
  if (chunk.usage) streamed.usage = chunk.usage
  const choice = chunk.choices[0]
  if (!choice) continue
  streamed.role ??= choice.delta.role
  streamed.text += choice.delta.content ?? ''
  streamed.finish = choice.finish_reason ?? streamed.finish
}

const text = await client.completions.create({ model: 'basilisk', prompt: 'Once upon a time', max_tokens: 6, echo: true, logprobs: 2, logit_bias: { 97: 100 }, temperature: 0 })
const stopped = await client.completions.create({ model: 'basilisk', prompt: 'Once', max_tokens: 50, logit_bias: { 97: 100 }, temperature: 0, stop: ['aaa'] })
const errors = {}
for (const [name, call] of [
  ['model', () => client.chat.completions.create({ model: 'gpt-9', messages })],
  ['tools', () => client.chat.completions.create({ model: 'basilisk', messages, tools: [{ type: 'function', function: { name: 'f' } }] })],
  ['temperature', () => client.chat.completions.create({ model: 'basilisk', messages, temperature: 9 })],
]) {
  try { await call(); errors[name] = 'accepted' } catch (error) { errors[name] = { status: error.status, param: error.param, code: error.code } }
}

console.log(JSON.stringify({
  models, one: one.id, fingerprint: chat.system_fingerprint, choices: chat.choices.length, role: chat.choices[0].message.role,
  logprobs: chat.choices[0].logprobs.content.map(entry => ({ top: entry.top_logprobs.length, certain: entry.logprob <= 0 })),
  usage: chat.usage, finish: chat.choices.map(choice => choice.finish_reason),
  same: again.choices[0].message.content === third.choices[0].message.content,
  streamed: { ...streamed, ids: streamed.ids.size }, text: text.choices[0].text, tokens: text.choices[0].logprobs.tokens, stopped: stopped.choices[0], errors,
}))
process.exit(0)
