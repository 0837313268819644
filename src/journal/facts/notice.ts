// Issuing notice numbers is part of preparing a wave and costs nothing, so this room adds no fact of its own.
export const noticeFacts = [] as const;
