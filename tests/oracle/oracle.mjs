// Answers of the npm package `isncsci`. Standard input: one JSON line that names the place of every cell, then one line
// of cell texts for each exam; an empty text leaves the place out. Standard output: one JSON line of answers an exam.
import { createInterface } from "node:readline";
import isncsci from "isncsci";

const { ISNCSCI } = isncsci;

export function examOf(places, texts) {
  const exam = {
    right: { motor: {}, lightTouch: {}, pinPrick: {} },
    left: { motor: {}, lightTouch: {}, pinPrick: {} },
  };
  places.forEach((place, index) => {
    if (texts[index] === "") return;
    let block = exam;
    for (const key of place.slice(0, -1)) block = block[key];
    block[place.at(-1)] = texts[index];
  });
  return exam;
}

export function answer(exam) {
  const { classification, totals } = new ISNCSCI(exam);
  const { neurologicalLevels: levels, zoneOfPartialPreservations: zones } = classification;
  return [
    levels.sensoryRight, levels.sensoryLeft, levels.motorRight, levels.motorLeft,
    classification.neurologicalLevelOfInjury, classification.injuryComplete, classification.ASIAImpairmentScale,
    zones.sensoryRight, zones.sensoryLeft, zones.motorRight, zones.motorLeft,
    totals.upperExtremity, totals.lowerExtremity, totals.lightTouch, totals.pinPrick,
    ...["upperExtremity", "lowerExtremity", "motor", "lightTouch", "pinPrick"].flatMap((name) => [
      totals.right[name], totals.left[name],
    ]),
  ];
}

async function main() {
  let places;
  const answers = [];
  for await (const line of createInterface({ input: process.stdin })) {
    if (places === undefined) places = JSON.parse(line);
    else answers.push(JSON.stringify(answer(examOf(places, JSON.parse(line)))));
  }
  process.stdout.write(answers.map((text) => `${text}\n`).join(""));
}

if (process.argv[1] === import.meta.filename) await main();
