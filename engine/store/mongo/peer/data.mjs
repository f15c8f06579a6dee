// Collections with versions of each document, indexes that bind, and transactions as MongoDB has them: each sees the
// snapshot of its beginning, and the first to write a document wins. That much is ours; what a question means is
// mingo's.

import { BSON, ObjectId } from "bson";
import { Query } from "./mingo.mjs";
import { at, changed, keyOf, plain, same, seed } from "./values.mjs";

export class Refused extends Error {
	constructor(code, codeName, message, ...labels) {
		super(message);
		Object.assign(this, { code, codeName, labels });
	}
}

const conflict = () => new Refused(112, "WriteConflict", "WriteConflict error: this operation conflicted with another operation", "TransientTransactionError");

// Waits is thrown by what must wait for another transaction's end, and then be tried anew.
class Waits extends Error {
	constructor(txn) {
		super("waits");
		this.txn = txn;
	}
}

let now = 0; // counts commits

// listeners hear of each change as it is committed: of which collection, and what it was.
export const listeners = new Set();

export class Transaction {
	constructor() {
		this.snapshot = now;
		this.writes = new Map(); // chain → version
		this.keys = new Map(); // index → Map of key → chain
		this.ended = new Promise((resolve) => {
			this.end = resolve;
		});
	}

	commit() {
		now++;
		for (const [chain, to] of this.writes) chain.leave();
		for (const [chain, to] of this.writes) chain.become(to, now);
		this.finish();
	}

	finish() {
		for (const chain of this.writes.keys()) chain.lock = null;
		for (const [index, keys] of this.keys) for (const key of keys.keys()) index.locks.delete(key);
		this.end();
	}
}

// Chain is a document in all its versions.
class Chain {
	constructor(collection, key) {
		Object.assign(this, { collection, key, versions: [], lock: null });
	}

	get last() {
		return this.versions[this.versions.length - 1];
	}

	seen({ txn, snapshot }) {
		if (txn?.writes.has(this)) return txn.writes.get(this);
		const until = txn?.snapshot ?? snapshot ?? now;
		for (let n = this.versions.length - 1; n >= 0; n--) if (this.versions[n].at <= until) return this.versions[n].is;
		return null;
	}

	leave() {
		const was = this.last?.is;
		if (!was) return;
		for (const index of this.collection.indexes) {
			const key = index.keyOf(was);
			if (key !== null && index.held.get(key) === this) index.held.delete(key);
		}
	}

	become(is, when) {
		const what = !is ? "delete" : this.last?.is ? "update" : "insert";
		this.versions.push({ at: when, is });
		for (const hear of listeners) hear(this.collection, what);
		if (!is) return;
		for (const index of this.collection.indexes) {
			const key = index.keyOf(is);
			if (key !== null) index.held.set(key, this);
		}
	}
}

class Index {
	constructor(spec) {
		this.spec = spec;
		this.locks = new Map();
		this.held = new Map();
		this.partial = spec.partialFilterExpression ? new Query(plain(spec.partialFilterExpression)) : null;
	}

	// keyOf is what a document must have alone; null for nothing.
	keyOf(is) {
		if (!this.spec.unique || (this.partial && !this.partial.test(is.plain))) return null;
		return Object.keys(this.spec.key).map((path) => keyOf(at(is.doc, path))).join("\u0001");
	}
}

export class Collection {
	constructor(name, db) {
		Object.assign(this, { name, db, chains: new Map(), indexes: [] });
	}

	addIndex(spec) {
		if (this.indexes.some((i) => i.spec.name === spec.name)) return;
		const index = new Index(spec);
		for (const chain of this.chains.values()) {
			const is = chain.seen({});
			const key = is && index.keyOf(is);
			if (!is || key === null) continue;
			if (index.held.has(key)) throw duplicate(this, index.spec.name);
			index.held.set(key, chain);
		}
		this.indexes.push(index);
	}

	// hinted refuses the name of an index that is not there.
	hinted(hint) {
		if (hint === undefined || hint === "_id_" || this.indexes.some((i) => i.spec.name === hint)) return;
		throw new Refused(2, "BadValue", "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index");
	}

	// matching are the chains that meet a condition, with what is seen of each.
	matching(where, view) {
		const query = new Query(plain(where ?? {}));
		const out = [];
		for (const chain of this.candidates(where)) {
			const is = chain.seen(view);
			if (is && query.test(is.plain)) out.push({ chain, is });
		}
		return out;
	}

	candidates(where) {
		const id = where?._id;
		let ids = null;
		if (typeof id === "string" || typeof id === "number" || id?._bsontype) ids = [id];
		else if (id && "$eq" in id) ids = [id.$eq];
		else if (id && "$in" in id) ids = id.$in;
		if (!ids) return this.chains.values();
		return [...new Set(ids.map(keyOf))].map((key) => this.chains.get(key)).filter(Boolean);
	}

	write(chain, doc, txn) {
		if (doc && BSON.calculateObjectSize(doc) > 16 << 20) throw new Refused(10334, "BSONObjectTooLarge", "object to insert too large");
		const is = doc && { doc, plain: plain(doc) };
		if (chain.lock && chain.lock !== txn) throw txn ? conflict() : new Waits(chain.lock);
		if (txn && (chain.last?.at ?? 0) > txn.snapshot) throw conflict();
		for (const index of is ? this.indexes : []) this.bind(index, chain, is, txn);
		if (txn) {
			chain.lock = txn;
			txn.writes.set(chain, is);
			return;
		}
		now++;
		chain.leave();
		chain.become(is, now);
	}

	bind(index, chain, is, txn) {
		const key = index.keyOf(is);
		if (key === null) return;
		const locked = index.locks.get(key);
		if (locked && locked !== txn) throw txn ? conflict() : new Waits(locked);
		const own = txn?.keys.get(index)?.get(key);
		if (own && own !== chain && txn.writes.get(own) && index.keyOf(txn.writes.get(own)) === key) throw duplicate(this, index.spec.name);
		const holder = index.held.get(key);
		if (holder && holder !== chain) {
			const given = txn?.writes.has(holder) && (!txn.writes.get(holder) || index.keyOf(txn.writes.get(holder)) !== key);
			if (!given) {
				if (txn && holder.last.at > txn.snapshot) throw conflict();
				throw duplicate(this, index.spec.name);
			}
		}
		if (!txn) return;
		index.locks.set(key, txn);
		if (!txn.keys.has(index)) txn.keys.set(index, new Map());
		txn.keys.get(index).set(key, chain);
	}

	insert(doc, txn) {
		const whole = "_id" in doc ? doc : { _id: new ObjectId(), ...doc };
		const key = keyOf(whole._id);
		let chain = this.chains.get(key);
		if (!chain) {
			chain = new Chain(this, key);
			this.chains.set(key, chain);
		}
		if (chain.lock && chain.lock !== txn) throw txn ? conflict() : new Waits(chain.lock);
		if (txn && (chain.last?.at ?? 0) > txn.snapshot) throw conflict();
		if (chain.seen({ txn })) throw duplicate(this, "_id_");
		this.write(chain, whole, txn);
		return whole;
	}

	// update changes what meets a condition. It says how many those are and what was made where none did.
	update({ q, u, multi, upsert }, txn) {
		const found = this.matching(q, { txn });
		const out = { n: 0, nModified: 0, upserted: null, before: null, after: null };
		for (const { chain, is } of multi ? found : found.slice(0, 1)) {
			const doc = changed(is.doc, u, false);
			out.n++;
			[out.before, out.after] = [is.doc, doc];
			if (same(doc, is.doc)) continue;
			this.write(chain, doc, txn);
			out.nModified++;
		}
		if (found.length === 0 && upsert) {
			out.after = this.insert(changed(seed(q), u, true), txn);
			out.upserted = out.after._id;
			out.n = 1;
		}
		return out;
	}

	remove({ q, limit }, txn) {
		const found = this.matching(q, { txn });
		const gone = limit ? found.slice(0, 1) : found;
		for (const { chain } of gone) this.write(chain, null, txn);
		return gone.map(({ is }) => is.doc);
	}
}

function duplicate(collection, name) {
	return new Refused(11000, "DuplicateKey", `E11000 duplicate key error collection: ${collection.name} index: ${name} dup key: { }`);
}

// patiently runs what may have to wait for others' transactions.
export async function patiently(run) {
	for (;;) {
		try {
			return run();
		} catch (e) {
			if (!(e instanceof Waits)) throw e;
			await e.txn.ended;
		}
	}
}

export const moment = () => now;
