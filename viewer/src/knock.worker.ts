/** Asks for WebGL once, of the card that the scene will be drawn by; tells when it was answered. */
new OffscreenCanvas(1, 1).getContext("webgl2", { powerPreference: "high-performance" });
postMessage(null);
