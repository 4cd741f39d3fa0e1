"""Things held before a face, drawn with their truth: what occlusion is tested and measured with."""
