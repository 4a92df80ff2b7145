/** What is loaded when somebody looks closer at a thing: how its values went, where it comes from, what became of it. */
export { content, origin, past } from "./asked.js";
export { course } from "./course.js";
export { hourly } from "./hourly.js";
export { tree } from "./tree.js";
