"""Room: gui. Going live: the ways out, the programme monitor, and what others see. Makes no picture that leaves."""
