// A stand-in for the primary of a replica set of one, on a port of its own, for the tests of the MongoDB store; see
// README.md. It says its address, and ends when its input does, unless it is --alone.

import { createServer } from "node:net";
import { BSON } from "bson";
import { abandon, run } from "./commands.mjs";
import { configure, strike } from "./weather.mjs";

const opReply = 1;
const opQuery = 2004;
const opMessage = 2013;
const reading = { promoteLongs: false, promoteBuffers: false };

// command reads what was asked, in either of the two envelopes that drivers use.
function command(message) {
	const kind = message.readInt32LE(12);
	if (kind === opQuery) {
		const name = message.indexOf(0, 20);
		return { kind, body: BSON.deserialize(message.subarray(name + 9), { ...reading, allowObjectSmallerThanBufferSize: true }) };
	}
	const flags = message.readInt32LE(16);
	let body = {};
	for (let at = 20; at < message.length; ) {
		const section = message[at];
		const size = message.readInt32LE(at + 1);
		if (section === 0) {
			body = { ...BSON.deserialize(message.subarray(at + 1, at + 1 + size), reading), ...body };
		} else {
			const name = message.toString("utf8", at + 5, message.indexOf(0, at + 5));
			const docs = [];
			for (let doc = at + 6 + Buffer.byteLength(name); doc < at + 1 + size; doc += message.readInt32LE(doc)) {
				docs.push(BSON.deserialize(message.subarray(doc, doc + message.readInt32LE(doc)), reading));
			}
			body[name] = docs;
		}
		at += 1 + size;
	}
	return { kind, body, silent: (flags & 2) !== 0 };
}

let replies = 0;

function envelope(kind, to, doc) {
	const body = Buffer.from(BSON.serialize(doc));
	const head = Buffer.alloc(kind === opQuery ? 36 : 21);
	head.writeInt32LE(head.length + body.length, 0);
	head.writeInt32LE(++replies, 4);
	head.writeInt32LE(to, 8);
	head.writeInt32LE(kind === opQuery ? opReply : opMessage, 12);
	if (kind === opQuery) head.writeInt32LE(1, 32);
	return Buffer.concat([head, body]);
}

async function answer(body, server) {
	const name = Object.keys(body)[0];
	try {
		if (name === "configureFailPoint") return { ...configure(body), ok: 1 };
		const { closes, after } = await strike(name, body);
		if (closes) return null;
		return { ...(await run(name, body, server)), ...after, ok: 1 };
	} catch (e) {
		abandon(body);
		const { code = 8, codeName = "UnknownError", labels = [], message } = e;
		if (code === 8) console.error(name, e);
		return { ok: 0, errmsg: message, code, codeName, ...(labels.length > 0 ? { errorLabels: labels } : {}) };
	}
}

const server = createServer((socket) => {
	let parts = [];
	let size = 0;
	let turn = Promise.resolve();
	const asked = async (message) => {
		const { kind, body, silent } = command(message);
		const reply = await answer(body, { address });
		if (reply === null) socket.destroy();
		else if (!silent && !socket.destroyed) socket.write(envelope(kind, message.readInt32LE(4), reply));
	};
	socket.on("data", (data) => {
		parts.push(data);
		size += data.length;
		if (parts[0].length < 4) parts = [Buffer.concat(parts)];
		if (size < 4 || size < parts[0].readInt32LE(0)) return; // a large message is put together once
		let left = Buffer.concat(parts);
		while (left.length >= 4 && left.length >= left.readInt32LE(0)) {
			const message = left.subarray(0, left.readInt32LE(0));
			left = left.subarray(message.length);
			turn = turn.then(() => asked(message));
		}
		[parts, size] = [[left], left.length];
	});
	socket.on("error", () => socket.destroy());
});

let address = "";
server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => {
	address = `127.0.0.1:${server.address().port}`;
	console.log(`mongodb://${address}/?replicaSet=peer`);
});
if (!process.argv.includes("--alone")) process.stdin.on("end", () => process.exit(0)).resume();
