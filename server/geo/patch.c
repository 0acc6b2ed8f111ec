/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From EPSG:25832 to another CRS in patches. Between two CRSs of the same land everything is
 * smooth: over 16 km a polynomial of the third degree in east and north is as good as the formulas,
 * within some micrometres, and takes a tenth of their time. PROJ is asked for sixteen places of a
 * patch, once, and for nine others to prove the polynomial; where that is not as good as it has to
 * be, PROJ goes on transforming each position.
 */
#include "inner.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>

#define SIDE      16384.0 /* metres */
#define TOLERANCE 2e-5    /* metres: a fiftieth of what is written at most */
#define DEGREE    111e3   /* metres of one, at most */

/* So many by so many lie side by side before two have the same place in the list. */
enum { AROUND = 32, PATCHES = AROUND * AROUND, NODES = 4, FACTORS = NODES * NODES };

struct pp_patch {
	const PJ *pj;       /* NULL: empty */
	double east, north; /* middle */
	bool is_good;
	double x[FACTORS], y[FACTORS]; /* of u^0 v^0, u^0 v^1, …, where u and v are -1 to 1 */
};

struct pp_patches {
	struct pp_patch list[PATCHES];
};

struct pp_patches *pp_patches_open(void)
{
	struct pp_patches *patches = calloc(1, sizeof(*patches));

	PP_MUST(patches);
	return patches;
}

void pp_patches_close(struct pp_patches *patches)
{
	free(patches);
}

static void by_proj(PJ *pj, double *x, double *y, size_t count)
{
	proj_trans_generic(
		pj, PJ_INV, x, sizeof(*x), count, y, sizeof(*y), count, NULL, 0, 0, NULL, 0, 0);
	proj_errno_reset(pj);
}

/* Chebyshev's nodes: there the error of an interpolation is spread evenly. */
static double node(int k)
{
	return cos((2 * k + 1) * M_PI / (2 * NODES));
}

/* Values at the nodes become factors of 1, t, t² and t³, by way of Chebyshev's polynomials. */
static void interpolate(double *at, int stride)
{
	double a[NODES] = { 0 };

	for (int m = 0; m < NODES; m++)
		for (int k = 0; k < NODES; k++)
			a[m] += at[k * stride] * cos(m * (2 * k + 1) * M_PI / (2 * NODES)) *
				(m ? 0.5 : 0.25);
	at[0] = a[0] - a[2];
	at[stride] = a[1] - 3 * a[3];
	at[2 * stride] = 2 * a[2];
	at[3 * stride] = 4 * a[3];
}

static inline double value(const double *c, double u, double v)
{
	double sum = 0;

	for (int i = NODES - 1; i >= 0; i--) {
		const double *row = c + NODES * i;

		sum = sum * u + (((row[3] * v + row[2]) * v + row[1]) * v + row[0]);
	}
	return sum;
}

/* At the middle, the corners and the middles of the sides, where it is worst. */
static bool is_good(const struct pp_patch *patch, PJ *pj, double tolerance)
{
	double x[9], y[9];

	for (int i = 0; i < 9; i++) {
		x[i] = patch->east + (i % 3 - 1) * SIDE / 2;
		y[i] = patch->north + (i / 3 - 1) * SIDE / 2;
	}
	by_proj(pj, x, y, 9);
	for (int i = 0; i < 9; i++)
		/* What PROJ cannot transform is infinite and no nearer than anything. */
		if (!(fabs(value(patch->x, i % 3 - 1, i / 3 - 1) - x[i]) < tolerance) ||
			!(fabs(value(patch->y, i % 3 - 1, i / 3 - 1) - y[i]) < tolerance))
			return false;
	return true;
}

static void fill(struct pp_patch *patch, PJ *pj, double tolerance)
{
	for (int i = 0; i < FACTORS; i++) {
		patch->x[i] = patch->east + node(i / NODES) * SIDE / 2;
		patch->y[i] = patch->north + node(i % NODES) * SIDE / 2;
	}
	by_proj(pj, patch->x, patch->y, FACTORS);
	for (int i = 0; i < NODES; i++) {
		interpolate(patch->x + NODES * i, 1);
		interpolate(patch->y + NODES * i, 1);
	}
	for (int i = 0; i < NODES; i++) {
		interpolate(patch->x + i, NODES);
		interpolate(patch->y + i, NODES);
	}
	patch->is_good = is_good(patch, pj, tolerance);
}

/* Each place lies in one, so that it always comes out the same. */
static bool covers(const struct pp_patch *patch, double east, double north)
{
	return east >= patch->east - SIDE / 2 && east < patch->east + SIDE / 2 &&
		north >= patch->north - SIDE / 2 && north < patch->north + SIDE / 2;
}

static struct pp_patch *patch_of(
	struct pp_patches *patches, PJ *pj, double tolerance, double east, double north)
{
	double column = floor(east / SIDE), row = floor(north / SIDE);
	size_t place = ((size_t)(int64_t)column % AROUND) +
		((size_t)(int64_t)row % AROUND) * AROUND;
	struct pp_patch *patch = &patches->list[place];

	if (patch->pj == pj && patch->east == (column + 0.5) * SIDE &&
		patch->north == (row + 0.5) * SIDE)
		return patch;
	patch->pj = pj;
	patch->east = (column + 0.5) * SIDE;
	patch->north = (row + 0.5) * SIDE;
	fill(patch, pj, tolerance);
	return patch;
}

static double read_f64(const unsigned char *at)
{
	uint64_t bits;
	double value;

	memcpy(&bits, at, sizeof(bits));
	bits = le64toh(bits);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void write_f64(char *at, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	bits = htole64(bits);
	memcpy(at, &bits, sizeof(bits));
}

void pp_patches_write(struct pp_patches *patches, PJ *pj, const struct pp_crs_row *row,
	bool swapped, const unsigned char *from, char *to, uint32_t count)
{
	double tolerance = row->degrees ? TOLERANCE / DEGREE : TOLERANCE;
	const struct pp_patch *patch = NULL;

	for (uint32_t i = 0; i < count; i++, from += 16, to += 16) {
		double x = read_f64(from), y = read_f64(from + 8);

		/* Nothing of Germany's; a column's number would not fit. */
		bool is_far = !(fabs(x) < 1e8 && fabs(y) < 1e8);

		if (!is_far && (!patch || !covers(patch, x, y)))
			patch = patch_of(patches, pj, tolerance, x, y);
		if (!is_far && patch->is_good) {
			double u = (x - patch->east) * (2 / SIDE);
			double v = (y - patch->north) * (2 / SIDE);

			x = value(patch->x, u, v);
			y = value(patch->y, u, v);
		} else {
			by_proj(pj, &x, &y, 1);
		}
		write_f64(to, swapped ? y : x);
		write_f64(to + 8, swapped ? x : y);
	}
}
