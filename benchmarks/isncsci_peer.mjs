// The speed of the npm package `isncsci` on a file of examinations as cordwise reads them, one JSON object a line.
//   node isncsci_peer.mjs objects FILE PASSES   seconds of each pass over exams that are ready in memory
//   node isncsci_peer.mjs file FILE TARGET      read FILE, write one line of answers for each exam to TARGET
import { readFileSync, writeFileSync } from "node:fs";
import { answer } from "../tests/oracle/oracle.mjs";

function examOf(line) {
  const { vac, dap, right, left } = JSON.parse(line);
  const side = ({ motor, light_touch, pin_prick, lowest_non_key_muscle }) => ({
    motor,
    lightTouch: light_touch,
    pinPrick: pin_prick,
    ...(lowest_non_key_muscle && { lowestNonKeyMuscleWithMotorFunction: lowest_non_key_muscle }),
  });
  return { voluntaryAnalContraction: vac, deepAnalPressure: dap, right: side(right), left: side(left) };
}

const linesOf = (path) => readFileSync(path, "utf8").split("\n").filter(Boolean);

function secondsOfAPass(exams) {
  const start = performance.now();
  for (const exam of exams) answer(exam);
  return (performance.now() - start) / 1000;
}

const [mode, source, last] = process.argv.slice(2);
if (mode === "objects") {
  const exams = linesOf(source).map(examOf);
  secondsOfAPass(exams);
  console.log(JSON.stringify(Array.from({ length: Number(last) }, () => secondsOfAPass(exams))));
} else {
  writeFileSync(last, linesOf(source).map((line) => `${JSON.stringify(answer(examOf(line)))}\n`).join(""));
}
