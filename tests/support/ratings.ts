/** The result of a rating that no memory books, without its grade and ticks. */
export const unbookedRating = {
	books: false,
	capped: false,
	memory: null,
	isRepeat: false,
	comeback: { day: { today: "2027-03-08", interviewOn: null }, isOpen: false },
} as const;
