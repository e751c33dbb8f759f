package io.windhover.simulator;

/** Rides on a test's failure to say where its waveform lies, or why there is none. */
final class WaveformNote extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WaveformNote(String message) {
        super(message, null, false, false);
    }
}
