"""Operations of the visitor counter. Each is atomic and includes all of its consequences."""
