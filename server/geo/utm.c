/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/crs.h>

#include <math.h>

#include "flat.h"

/*
 * The transverse Mercator projection by Krüger's series in the third flattening n, to the sixth
 * order: C. F. F. Karney, Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85
 * (2011), equations 7 to 13, 35 and 36. GRS80, zone 32: central meridian 9°, scale 0.9996, false
 * easting 500 km.
 */
#define FLATTENING    (1 / 298.257222101)
#define SEMI_MAJOR    6378137.0
#define SCALE         0.9996
#define FALSE_EASTING 500000.0
#define MERIDIAN      9.0
#define DEGREE        (M_PI / 180)
#define ORDER         6

struct series {
	double radius; /* scale × rectifying radius */
	double e;      /* eccentricity */
	double alpha[ORDER], beta[ORDER];
};

static double polynomial(double n, const double *coefficient, int count)
{
	double sum = 0;

	for (int i = count - 1; i >= 0; i--)
		sum = sum * n + coefficient[i];
	return sum;
}

static struct series make_series(void)
{
	static const double alpha[ORDER][ORDER] = {
		{ 1. / 2, -2. / 3, 5. / 16, 41. / 180, -127. / 288, 7891. / 37800 },
		{ 13. / 48, -3. / 5, 557. / 1440, 281. / 630, -1983433. / 1935360 },
		{ 61. / 240, -103. / 140, 15061. / 26880, 167603. / 181440 },
		{ 49561. / 161280, -179. / 168, 6601661. / 7257600 },
		{ 34729. / 80640, -3418889. / 1995840 },
		{ 212378941. / 319334400 },
	};
	static const double beta[ORDER][ORDER] = {
		{ 1. / 2, -2. / 3, 37. / 96, -1. / 360, -81. / 512, 96199. / 604800 },
		{ 1. / 48, 1. / 15, -437. / 1440, 46. / 105, -1118711. / 3870720 },
		{ 17. / 480, -37. / 840, -209. / 4480, 5569. / 90720 },
		{ 4397. / 161280, -11. / 504, -830251. / 7257600 },
		{ 4583. / 161280, -108847. / 3991680 },
		{ 20648693. / 638668800 },
	};
	static const double rectifying[] = { 1, 1. / 4, 1. / 64, 1. / 256 };
	double n = FLATTENING / (2 - FLATTENING);
	struct series s = { .e = sqrt(FLATTENING * (2 - FLATTENING)) };
	double power = 1;

	s.radius = SCALE * SEMI_MAJOR / (1 + n) * polynomial(n * n, rectifying, 4);
	/* The i-th coefficient begins with the i-th power of n. */
	for (int i = 0; i < ORDER; i++) {
		power *= n;
		s.alpha[i] = power * polynomial(n, alpha[i], ORDER - i);
		s.beta[i] = power * polynomial(n, beta[i], ORDER - i);
	}
	return s;
}

/* The tangent of the conformal latitude from that of the latitude (equations 7 and 9). */
static double conformal(double e, double tau)
{
	double sigma = sinh(e * atanh(e * tau / hypot(1, tau)));

	return hypot(1, sigma) * tau - sigma * hypot(1, tau);
}

/* And back by Newton's method (equations 19 to 21); two steps reach the last bit in Germany. */
static double latitude_tangent(double e, double goal)
{
	double tau = goal / (1 - e * e);

	for (int i = 0; i < 4; i++) {
		double now = conformal(e, tau);

		tau += (goal - now) / hypot(1, now) * (1 + (1 - e * e) * tau * tau) /
			((1 - e * e) * hypot(1, tau));
	}
	return tau;
}

void pp_utm32_read(double lon, double lat, double *east, double *north)
{
	struct series s = make_series();
	double lambda = (lon - MERIDIAN) * DEGREE;
	double tau = conformal(s.e, tan(lat * DEGREE));
	double xi0 = atan2(tau, cos(lambda));
	double eta0 = asinh(sin(lambda) / hypot(tau, cos(lambda)));
	double xi = xi0, eta = eta0;

	for (int i = 0; i < ORDER; i++) {
		double twice = 2 * (i + 1);

		xi += s.alpha[i] * sin(twice * xi0) * cosh(twice * eta0);
		eta += s.alpha[i] * cos(twice * xi0) * sinh(twice * eta0);
	}
	*east = FALSE_EASTING + s.radius * eta;
	*north = s.radius * xi;
}

void pp_utm32_write(double east, double north, double *lon, double *lat)
{
	struct series s = make_series();
	double xi0 = north / s.radius, eta0 = (east - FALSE_EASTING) / s.radius;
	double xi = xi0, eta = eta0, tau;

	for (int i = 0; i < ORDER; i++) {
		double twice = 2 * (i + 1);

		xi -= s.beta[i] * sin(twice * xi0) * cosh(twice * eta0);
		eta -= s.beta[i] * cos(twice * xi0) * sinh(twice * eta0);
	}
	tau = sin(xi) / hypot(sinh(eta), cos(xi));
	*lat = atan(latitude_tangent(s.e, tau)) / DEGREE;
	*lon = MERIDIAN + atan2(sinh(eta), cos(xi)) / DEGREE;
}

/*
 * The point scale factor from the grid alone: k = k0 (1 + x/2 + x²/24) with x = (E'/k0)² / (ρν) at
 * the latitude of the foot point (ICSM, GDA2020 Technical Manual, "Grid convergence and point scale
 * factor"). Up to 500 km from the central meridian, which is more than Germany has, it is right
 * within 3e-8; the foot point's latitude is needed to 1e-4 only.
 */
double pp_utm32_scale(double east, double north)
{
	double n = FLATTENING / (2 - FLATTENING), e2 = FLATTENING * (2 - FLATTENING);
	double mu = north / (SCALE * SEMI_MAJOR / (1 + n) * (1 + n * n / 4));
	double sine = sin(mu + 1.5 * n * sin(2 * mu)), w = 1 - e2 * sine * sine;
	double radii = SEMI_MAJOR * SEMI_MAJOR * (1 - e2) / (w * w); /* ρν */
	double from = (east - FALSE_EASTING) / SCALE, x = from * from / radii;

	return SCALE * (1 + x / 2 + x * x / 24);
}

double pp_ground_length(struct pp_xy a, struct pp_xy b)
{
	struct pp_xy middle = { (a.x + b.x) / 2, (a.y + b.y) / 2 };

	return hypot(b.x - a.x, b.y - a.y) / 6 *
		(1 / pp_utm32_scale(a.x, a.y) + 4 / pp_utm32_scale(middle.x, middle.y) +
			1 / pp_utm32_scale(b.x, b.y));
}
