// viem, as its documentation shows it: balance, transfers of both kinds, receipts, watching blocks. Prints one JSON object.
import { createPublicClient, createWalletClient, defineChain, http, parseEther, webSocket } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

const transport = process.env.URL.startsWith('ws') ? webSocket(process.env.URL) : http(process.env.URL, { batch: true })
const chain = defineChain({ id: Number(process.env.CHAIN_ID), name: 'Basilisk', nativeCurrency: { name: 'Basilisk', symbol: 'BSK', decimals: 18 }, rpcUrls: { default: { http: [process.env.URL] } } })
const client = createPublicClient({ chain, transport, pollingInterval: 250 })
const account = privateKeyToAccount(process.env.KEY)
const wallet = createWalletClient({ account, chain, transport })
const to = privateKeyToAccount(generatePrivateKey()).address
const before = await client.getBalance({ address: account.address })

const receipts = []
for (const type of ['legacy', 'eip1559']) {
  const hash = await wallet.sendTransaction({ to, value: parseEther('0.25'), type })
  const receipt = await client.waitForTransactionReceipt({ hash })
  const transaction = await client.getTransaction({ hash })
  receipts.push({ type: receipt.type, status: receipt.status, gasUsed: Number(receipt.gasUsed), value: transaction.value.toString() })
}

const errors = {}
for (const [name, change] of [['low', { nonce: 0 }], ['funds', { value: parseEther('1000000') }]]) {
  try {
    await wallet.sendTransaction({ to, value: 1n, gas: 21000n, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n, ...change })
    errors[name] = 'accepted'
  } catch (error) {
    errors[name] = error.cause?.name ?? error.name
  }
}

const heads = await new Promise(resolve => { const seen = []; const stop = client.watchBlocks({ onBlock: block => { seen.push(Number(block.number)); if (seen.length >= 3) { stop(); resolve(seen.slice(0, 3)) } } }) })
const history = await client.getFeeHistory({ blockCount: 4, rewardPercentiles: [25, 75] })
console.log(JSON.stringify({
  chainId: await client.getChainId(), hadBefore: before > 0n, received: (await client.getBalance({ address: to })).toString(), receipts, errors, heads,
  history: history.baseFeePerGas.length === history.gasUsedRatio.length + 1 && history.reward.length === history.gasUsedRatio.length,
}))
process.exit(0)
