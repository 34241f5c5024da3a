// Makes the vectors of this folder with ethers 6.17.0. Keys and fields come from a counter, so every run gives the same files.
const e = require('ethers'); const fs = require('fs');
let c = 0; const h = n => BigInt(e.keccak256(e.toBeHex(++c, 32))) >> BigInt(256 - n);
const hex = n => n === 0 ? '0x' : '0x' + e.keccak256(e.toBeHex(++c, 32)).slice(2).repeat(Math.ceil(n / 32)).slice(0, 2 * n);
(async () => {
  const out = [];
  for (let i = 0; i < 64; i++) {
    const key = '0x' + (i < 3 ? (i + 1).toString(16).padStart(64, '0') : hex(32).slice(2));
    const w = new e.Wallet(key); const type = i % 2 ? 2 : 0;
    const chainId = [1n, 13371n, 0x7fffffffffffn, 137n][(i >> 1) % 4];
    const data = hex([0, 0, 1, 4, 68, 100, 600, 31][(i >> 1) % 8]);
    const tx = { type, chainId, nonce: [0, 1, 127, 128, 255, 256, 65536, 4294967296][(i >> 2) % 8], gasLimit: data === '0x' && i % 5 < 2 ? 21000n : [100000n, 30000000n][i % 2],
      to: e.getAddress(hex(20)), value: [0n, 1n, 25n * 10n ** 18n, h(100)][(i >> 1) % 4], data: i % 5 === 0 && data.length > 6 ? data.slice(0, 4) + '00'.repeat(data.length / 2 - 2) : data };
    if (type === 0) tx.gasPrice = [1000000000n, h(60), 0n][i % 3];
    else { tx.maxPriorityFeePerGas = [0n, 1n, 2000000000n][i % 3]; tx.maxFeePerGas = tx.maxPriorityFeePerGas + h(40);
      const n = [0, 0, 1, 2, 3][i % 5]; tx.accessList = Array.from({ length: n }, (_, a) => ({ address: e.getAddress(hex(20)), storageKeys: Array.from({ length: a * 2 }, () => hex(32)) })); }
    const raw = await w.signTransaction(tx); const t = e.Transaction.from(raw);
    const sig = t.signature;
    out.push({ key, raw, hash: t.hash, signingHash: t.unsignedHash, from: t.from, type, chainId: chainId.toString(), nonce: String(t.nonce), gasLimit: t.gasLimit.toString(), to: t.to, value: t.value.toString(), data: t.data,
      gasPrice: type === 0 ? t.gasPrice.toString() : undefined, maxFeePerGas: type ? t.maxFeePerGas.toString() : undefined, maxPriorityFeePerGas: type ? t.maxPriorityFeePerGas.toString() : undefined,
      accessList: type ? t.accessList.map(a => ({ address: a.address, storageKeys: a.storageKeys })) : undefined,
      yParity: sig.yParity, r: BigInt(sig.r).toString(), s: BigInt(sig.s).toString() });
  }
  fs.writeFileSync(process.argv[2], JSON.stringify(out, null, 1) + '\n');
  const abi = new e.Interface(['function commit(bytes32 unit, bytes32 commitment)', 'function reveal(bytes32 unit, bytes32 payloadHash, bytes32 salt)']);
  const b = n => '0x' + n.repeat(32);
  const payload = '0x' + '00112233445566778899aabbccddeeff'.repeat(500);
  fs.writeFileSync(process.argv[3], JSON.stringify({
    commit: { unit: b('11'), commitment: b('22'), data: abi.encodeFunctionData('commit', [b('11'), b('22')]) },
    reveal: { unit: b('11'), payloadHash: b('33'), salt: b('44'), data: abi.encodeFunctionData('reveal', [b('11'), b('33'), b('44')]) },
    commitment: { payload, salt: b('44'), miner: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', modelRoot: b('55'),
      value: e.solidityPackedKeccak256(['bytes', 'bytes32', 'address', 'bytes32'], [payload, b('44'), '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', b('55')]) },
    protocolAddressCheck: e.id('basilisk protocol').slice(0, 42)
  }, null, 1) + '\n');
  // personal sign
  const ps = []; for (const m of ['', 'hello', 'Grüße 🌍', 'x'.repeat(200)]) { const w = new e.Wallet('0x' + '01'.repeat(32)); ps.push({ key: w.privateKey, message: m, hash: e.hashMessage(m), signature: await w.signMessage(m), address: w.address }); }
  fs.writeFileSync(process.argv[4], JSON.stringify(ps, null, 1) + '\n');
})();
