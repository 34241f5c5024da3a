// Makes ethers-keystore.json with ethers 6.17.0. Salt and iv are random: every run gives another file.
const e = require('ethers'); const fs = require('fs');
(async () => { const w = new e.Wallet('0x' + '07'.repeat(32)); const password = 'Straße 🐍';
const fast = await e.encryptKeystoreJson(w, password, { scrypt: { N: 8192, r: 8, p: 1 } });
fs.writeFileSync(process.argv[2], JSON.stringify({ key: w.privateKey, password, json: fast }, null, 1) + '\n'); })();
