package io.windhover.models.synthetic;

/** Activation fused into a layer; it decides the output's zero point and clamp. */
public enum Activation {
    /** Signed outputs around a zero point near 0. */
    NONE,
    /** Outputs from 0 up: zero point -128. */
    RELU
}
