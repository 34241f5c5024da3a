// ethers, as its documentation shows it: balance, transfers of type 0 and 2, receipts, errors. Prints one JSON object.
import { JsonRpcProvider, WebSocketProvider, Wallet, parseEther } from 'ethers'

// ethers remembers answers for 250 ms; the test network makes several blocks in that time.
const options = { cacheTimeout: -1, pollingInterval: 250 }
const provider = process.env.URL.startsWith('ws') ? new WebSocketProvider(process.env.URL, undefined, options) : new JsonRpcProvider(process.env.URL, undefined, options)
const wallet = new Wallet(process.env.KEY, provider)
const to = Wallet.createRandom().address
const network = await provider.getNetwork()
const before = await provider.getBalance(wallet.address)

const receipts = []
for (const type of [0, 2]) {
  const sent = await wallet.sendTransaction({ to, value: parseEther('0.25'), type })
  const receipt = await sent.wait()
  const found = await provider.getTransaction(sent.hash)
  receipts.push({ type: receipt.type, status: receipt.status, gasUsed: Number(receipt.gasUsed), sameBlock: found.blockHash === receipt.blockHash, fee: receipt.fee.toString() })
}

const block = await provider.getBlock('latest', true)
const errors = {}
const nonce = await provider.getTransactionCount(wallet.address, 'latest')
for (const [name, change] of [['low', { nonce: 0 }], ['funds', { value: parseEther('1000000'), gasLimit: 21000 }]]) {
  try {
    const filled = { to, value: 1n, type: 2, chainId: network.chainId, nonce: nonce + 20, gasLimit: 21000, maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 1n, ...change }
    await provider.broadcastTransaction(await wallet.signTransaction(filled))
    errors[name] = 'accepted'
  } catch (error) {
    errors[name] = error.code
  }
}

const heads = process.env.URL.startsWith('ws')
  ? await new Promise(resolve => { const seen = []; provider.on('block', number => { seen.push(number); if (seen.length >= 3) resolve(seen.slice(0, 3)) }) })
  : []
console.log(JSON.stringify({
  chainId: Number(network.chainId), hadBefore: before > 0n, received: (await provider.getBalance(to)).toString(), receipts,
  feeData: (await provider.getFeeData()).maxFeePerGas !== null, block: block.number >= 0 && block.hash.length === 66, errors, heads,
}))
await provider.destroy()
process.exit(0)
