// The commands that the store asks of a replica set's primary.

import { Long, Timestamp } from "bson";
import { Collection, listeners, moment, patiently, Refused, Transaction } from "./data.mjs";
import { Aggregator, Query, sorted } from "./mingo.mjs";
import { plain, project, sessionKey, typed } from "./values.mjs";

const databases = new Map();
const transactions = new Map(); // by session: { number, txn }
const ended = new Map(); // by session: { number, committed }
const answered = new Map(); // retryable writes by session: { number, reply }
const cursors = new Map();
let lastCursor = 0;

// A transaction whose client has gone ends by itself. MongoDB has transactionLifetimeLimitSeconds for that, 60 s unless it
// is told otherwise.
const lifetime = 5000;
setInterval(() => {
	for (const [session, open] of transactions) if (Date.now() - open.begun > lifetime) give(session, open);
}, 200).unref();

const collectionsOf = (command) => {
	if (!databases.has(command.$db)) databases.set(command.$db, new Map());
	return databases.get(command.$db);
};

function collection(command, name, make = true) {
	const all = collectionsOf(command);
	if (!all.has(name)) {
		const fresh = new Collection(name, command.$db);
		if (!make) return fresh;
		all.set(name, fresh);
	}
	return all.get(name);
}

function hello({ address }) {
	return {
		ismaster: true, isWritablePrimary: true, helloOk: true, setName: "peer", hosts: [address], primary: address, me: address, setVersion: 1,
		maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000, localTime: new Date(),
		logicalSessionTimeoutMinutes: 30, minWireVersion: 0, maxWireVersion: 17, readOnly: false,
	};
}

function cursor(command, docs, size, more = {}) {
	const first = size === undefined ? 101 : Number(size);
	const id = docs.length > first ? ++lastCursor : 0;
	if (id) cursors.set(id, docs.slice(first));
	return { cursor: { firstBatch: docs.slice(0, first), id: Long.fromNumber(id), ns: `${command.$db}.${command.find ?? command.aggregate ?? "$cmd"}`, ...more } };
}

function view(command, txn) {
	const given = command.readConcern?.atClusterTime;
	if (given) return { snapshot: given.getHighBitsUnsigned() };
	if (command.readConcern?.level === "snapshot" && !txn) return { snapshot: moment() };
	return { txn };
}

const clock = (seen) => ("snapshot" in seen ? { atClusterTime: new Timestamp({ t: seen.snapshot, i: 1 }) } : {});

function find(command, txn) {
	const from = collection(command, command.find, false);
	if (command.hint !== undefined) from.hinted(command.hint);
	const seen = view(command, txn);
	let found = from.matching(command.filter, seen).map(({ is }) => is);
	if (command.sort && Object.keys(command.sort).length > 0) {
		const of = new Map(found.map((is) => [is.plain, is]));
		found = sorted(of.keys(), command.sort).map((one) => of.get(one));
	}
	const limit = Number(command.limit ?? 0);
	if (limit) found = found.slice(0, limit);
	const docs = found.map((is) => project(is.doc, command.projection));
	return cursor(command, docs, command.batchSize, clock(seen));
}

// A stream tells of changes as they come, by $match and $project as mingo reads them. It remembers nothing: who wants
// to go on where they were is told, as by a server whose oplog has gone on, that their place is lost.
class Stream {
	constructor(pipeline) {
		if (pipeline[0].$changeStream.resumeAfter || pipeline[0].$changeStream.startAfter) {
			throw new Refused(286, "ChangeStreamHistoryLost", "Resume of change stream was not possible, as the resume point may no longer be in the oplog.");
		}
		this.stages = plain(pipeline.slice(1));
		this.heard = [];
		this.hear = (collection, operationType) => {
			const change = { _id: { _data: String(++lastChange) }, operationType, ns: { db: collection.db, coll: collection.name } };
			this.heard.push(...new Aggregator(this.stages).run([change]).map(typed));
			if (this.heard.length > 0) this.wake?.();
			if (this.heard.length > 10000) listeners.delete(this.hear); // nobody asks any more
		};
		listeners.add(this.hear);
	}

	async next(patience) {
		if (this.heard.length === 0) {
			await new Promise((resolve) => {
				const timer = setTimeout(resolve, patience);
				this.wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		return this.heard.splice(0);
	}
}

let lastChange = 0;

function watch(command) {
	const id = ++lastCursor;
	cursors.set(id, new Stream(command.pipeline));
	return { cursor: { firstBatch: [], id: Long.fromNumber(id), ns: `${command.$db}.$cmd.aggregate` } };
}

function aggregate(command, txn) {
	if (command.pipeline[0]?.$changeStream) return watch(command);
	const from = collection(command, command.aggregate, false);
	if (command.hint !== undefined) from.hinted(command.hint);
	const seen = view(command, txn);
	let stages = command.pipeline;
	let where = {};
	if (stages[0]?.$match) {
		where = stages[0].$match;
		stages = stages.slice(1);
	}
	const docs = from.matching(where, seen).map(({ is }) => is.plain);
	const out = stages.length === 0 ? docs : new Aggregator(plain(stages)).run(docs);
	return cursor(command, out.map(typed), command.cursor?.batchSize, clock(seen));
}

async function each(ops, ordered, run) {
	const reply = { n: 0, writeErrors: [] };
	for (let index = 0; index < ops.length; index++) {
		try {
			await patiently(() => run(ops[index], index, reply));
		} catch (e) {
			if (e.code !== 11000) throw e;
			reply.writeErrors.push({ index, code: e.code, errmsg: e.message });
			if (ordered !== false) break;
		}
	}
	if (reply.writeErrors.length === 0) delete reply.writeErrors;
	return reply;
}

function insert(command, txn) {
	const into = collection(command, command.insert);
	return each(command.documents, command.ordered, (doc, _, reply) => {
		into.insert(doc, txn);
		reply.n++;
	});
}

async function update(command, txn) {
	const into = collection(command, command.update);
	const reply = await each(command.updates, command.ordered, (op, index, all) => {
		const did = into.update(op, txn);
		all.n += did.n;
		all.nModified = (all.nModified ?? 0) + did.nModified;
		if (did.upserted !== null) {
			all.upserted ??= [];
			all.upserted.push({ index, _id: did.upserted });
		}
	});
	return { nModified: 0, ...reply };
}

function remove(command, txn) {
	const from = collection(command, command.delete);
	return each(command.deletes, command.ordered, (op, _, reply) => {
		reply.n += from.remove(op, txn).length;
	});
}

function findAndModify(command, txn) {
	const from = collection(command, command.findAndModify ?? command.findandmodify);
	return patiently(() => {
		if (command.remove) {
			const [doc] = from.remove({ q: command.query, limit: 1 }, txn);
			return { value: doc ? project(doc, command.fields) : null, lastErrorObject: { n: doc ? 1 : 0 } };
		}
		const did = from.update({ q: command.query, u: command.update, upsert: command.upsert }, txn);
		const doc = command.new ? did.after : did.before;
		return { value: doc ? project(doc, command.fields) : null, lastErrorObject: { n: did.n, updatedExisting: did.upserted === null && did.n > 0 } };
	});
}

const specOf = (index) => ({ v: 2, ...index.spec });

const commands = {
	hello: (_, __, server) => hello(server),
	isMaster: (_, __, server) => hello(server),
	ismaster: (_, __, server) => hello(server),
	ping: () => ({}),
	buildInfo: () => ({ version: "6.0.0-peer" }),
	endSessions: () => ({}),
	killCursors(command) {
		for (const id of command.cursors.map(Number)) {
			listeners.delete(cursors.get(id)?.hear);
			cursors.delete(id);
		}
		return {};
	},
	create(command) {
		if (collectionsOf(command).has(command.create)) throw new Refused(48, "NamespaceExists", "Collection already exists");
		collection(command, command.create);
		return {};
	},
	createIndexes(command) {
		for (const spec of command.indexes) collection(command, command.createIndexes).addIndex(spec);
		return {};
	},
	dropIndexes(command) {
		const from = collection(command, command.dropIndexes);
		from.indexes = from.indexes.filter((i) => i.spec.name !== command.index);
		return {};
	},
	listIndexes(command) {
		const all = collectionsOf(command).get(command.listIndexes);
		if (!all) throw new Refused(26, "NamespaceNotFound", "ns does not exist");
		return cursor(command, [{ v: 2, key: { _id: 1 }, name: "_id_" }, ...all.indexes.map(specOf)], 1000);
	},
	listCollections(command) {
		const query = new Query(plain(command.filter ?? {}));
		const all = [...collectionsOf(command).keys()].map((name) => ({ name, type: "collection" }));
		return cursor(command, all.filter((one) => query.test(one)), 100000);
	},
	listDatabases(command) {
		const query = new Query(plain(command.filter ?? {}));
		const all = [...databases.keys()].map((name) => ({ name }));
		return { databases: all.filter((one) => query.test(one)) };
	},
	dbStats(command) { // one that is not there has nothing, and does not come by being asked
		const all = [...(databases.get(command.$db)?.values() ?? [])];
		return { db: command.$db, collections: all.length, indexes: all.reduce((sum, one) => sum + 1 + one.indexes.length, 0) };
	},
	drop(command) {
		collectionsOf(command).delete(command.drop);
		return {};
	},
	dropDatabase(command) {
		databases.delete(command.$db);
		return {};
	},
	find, aggregate, insert, update, delete: remove, findAndModify, findandmodify: findAndModify,
	async getMore(command) {
		const id = Number(command.getMore);
		const left = cursors.get(id);
		if (!left) throw new Refused(43, "CursorNotFound", `cursor id ${id} not found`);
		if (left instanceof Stream) {
			const nextBatch = await left.next(Number(command.maxTimeMS ?? 1000));
			return { cursor: { nextBatch, id: Long.fromNumber(id), ns: `${command.$db}.${command.collection}` } };
		}
		const size = Number(command.batchSize ?? 101);
		const more = left.length > size;
		if (more) cursors.set(id, left.slice(size));
		else cursors.delete(id);
		return { cursor: { nextBatch: left.slice(0, size), id: Long.fromNumber(more ? id : 0), ns: `${command.$db}.${command.collection}` } };
	},
};

// ends does what ends a transaction.
function ends(name, command) {
	const session = sessionKey(command.lsid);
	const number = Number(command.txnNumber);
	const open = transactions.get(session);
	const last = ended.get(session);
	if (open?.number === number) {
		transactions.delete(session);
		ended.set(session, { number, committed: name === "commitTransaction" });
		if (name === "commitTransaction") open.txn.commit();
		else open.txn.finish();
		return {};
	}
	if (name === "commitTransaction" && last?.number === number && last.committed) return {};
	throw new Refused(251, "NoSuchTransaction", "there is no such transaction", "TransientTransactionError");
}

// give ends a transaction in vain, as any error in it does.
function give(session, open) {
	open.txn.finish();
	transactions.delete(session);
	ended.set(session, { number: open.number, committed: false });
}

// within runs a command of a transaction.
async function within(name, command, server) {
	const session = sessionKey(command.lsid);
	const number = Number(command.txnNumber);
	let open = transactions.get(session);
	if (command.startTransaction) {
		if (open) give(session, open);
		open = { number, txn: new Transaction(), begun: Date.now() };
		transactions.set(session, open);
	}
	if (open?.number !== number) throw new Refused(251, "NoSuchTransaction", "there is no such transaction", "TransientTransactionError");
	try {
		const reply = await commands[name](command, open.txn, server);
		if (reply.writeErrors) give(session, open);
		return reply;
	} catch (e) {
		give(session, open);
		throw e;
	}
}

// abandon ends the transaction that a command is of, where weather has struck it.
export function abandon(command) {
	const session = command.lsid && sessionKey(command.lsid);
	const open = session && transactions.get(session);
	if (open && command.autocommit === false && command.txnNumber !== undefined && !command.commitTransaction) give(session, open);
}

// run answers a command.
export async function run(name, command, server) {
	if (name === "commitTransaction" || name === "abortTransaction") return ends(name, command);
	if (!commands[name]) throw new Refused(59, "CommandNotFound", `no such command: '${name}'`);
	if (command.autocommit === false) return within(name, command, server);
	if (command.txnNumber === undefined) return commands[name](command, null, server);
	// A write that may be sent twice is done once.
	const session = sessionKey(command.lsid);
	const number = Number(command.txnNumber);
	const before = answered.get(session);
	if (before?.number === number) return before.reply;
	const reply = await commands[name](command, null, server);
	answered.set(session, { number, reply });
	return reply;
}
