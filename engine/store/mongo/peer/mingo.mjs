// mingo with what it lacks or does otherwise than MongoDB: $binarySize, reckoning with whole numbers as they are spelt
// here (values.mjs), and a $sort for which absent comes first.

import { Aggregator as AnyAggregator } from "mingo/aggregator";
import { computeValue, Context } from "mingo/core";
import * as accumulator from "mingo/operators/accumulator";
import * as expression from "mingo/operators/expression";
import * as pipeline from "mingo/operators/pipeline";
import * as projection from "mingo/operators/projection";
import * as query from "mingo/operators/query";
import { Lazy } from "mingo/lazy";
import { Query as AnyQuery } from "mingo/query";
import { compare } from "mingo/util";
import { at, isSpelt, spelt, unspelt } from "./values.mjs";

export function sorted(docs, keys) {
	const ways = Object.entries(keys).map(([path, way]) => [path, small(way)]);
	return [...docs].sort((a, b) => {
		for (const [path, way] of ways) {
			const order = compare(at(a, path) ?? null, at(b, path) ?? null);
			if (order !== 0) return order * way;
		}
		return 0;
	});
}

const small = (v) => (isSpelt(v) ? Number(unspelt(v)) : Number(v));
const whole = (v) => (isSpelt(v) ? unspelt(v) : BigInt(v));

// reckon makes an operator of what it does with whole numbers; of nothing comes nothing.
const reckon = (how) => (doc, of, options) => {
	const { given } = computeValue(doc, of, "given", options);
	const all = Array.isArray(given) ? given : [given];
	return all.some((v) => v === null || v === undefined) ? null : spelt(all.map(whole).reduce(how));
};

const total = (docs, of, options) => {
	const numbers = accumulator.$push(docs, of, options).filter((v) => isSpelt(v) || typeof v === "number");
	return spelt(numbers.reduce((sum, v) => sum + whole(v), 0n));
};

// For MongoDB one of several is any that $eq or a pattern finds, and all of them are each that $eq or $elemMatch does, also
// in lists that rows of a list have. mingo looks into those for $eq alone.
const oneOf = (path, list, options) => {
	const plainly = query.$in(path, list, options);
	if (!path.includes(".")) return plainly;
	const each = list.map((v) => (v instanceof RegExp ? query.$regex : query.$eq)(path, v, options));
	return (doc) => plainly(doc) || each.some((is) => is(doc));
};
const noneOf = (path, list, options) => {
	const is = oneOf(path, list, options);
	return (doc) => !is(doc);
};
const allOf = (path, list, options) => {
	if (!path.includes(".")) return query.$all(path, list, options);
	const each = list.map((v) => (v?.$elemMatch ? query.$elemMatch(path, v.$elemMatch, options) : oneOf(path, [v], options)));
	return (doc) => each.length > 0 && each.every((is) => is(doc));
};

const context = Context.init({
	accumulator: { ...accumulator, $sum: total },
	projection,
	query: { ...query, $in: oneOf, $nin: noneOf, $all: allOf },
	pipeline: {
		...pipeline,
		$limit: (docs, n) => docs.take(small(n)),
		$sort: (docs, keys) => docs.transform((all) => Lazy(sorted(all, keys))),
	},
	expression: {
		...expression,
		$add: reckon((a, b) => a + b),
		$multiply: reckon((a, b) => a * b),
		$divide: reckon((a, b) => a / b), // towards nought: a $trunc follows
		$trunc: reckon((a) => a),
		$toLong: reckon((a) => a),
		$binarySize: (doc, of) => at(doc, of.slice(1)).length(),
	},
});

export class Query extends AnyQuery {
	constructor(condition) {
		super(condition, { context });
	}
}

export class Aggregator extends AnyAggregator {
	constructor(stages) {
		super(stages, { context });
	}
}
