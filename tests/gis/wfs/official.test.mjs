// SPDX-License-Identifier: EUPL-1.2
// The official tests of WFS 2.0 (executable test suite 1.44), each by its own name, over every feature type and both bindings; what they ask is
// ours. Those of conformance classes that the capabilities do not declare are named below, and are gaps only as long as they do not.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { basic } from './basic.mjs';
import { querymgmt } from './querymgmt.mjs';
import { simple } from './simple.mjs';
import { locking } from './locking.mjs';
import { openSite, withoutSchemas } from './site.mjs';
import { transactional } from './transaction.mjs';

/** Class → its methods. */
const official = {
	SuitePreconditions: 'verifyServiceDescription serviceIsAvailable dataAreAvailable',
	'basic/BasicCapabilitiesTests': 'describesBasicWFS',
	'basic/BasicGetFeatureTests': 'getFeaturesByType getFeatureInOtherCRS getFeatureInUnsupportedCRS',
	'basic/GetPropertyValueTests': 'getProperty_gmlId getProperty_emptyValueRef',
	'basic/filter/ComparisonOperatorTests': 'propertyIsLessThan_matchAny propertyIsLessThan_matchAll propertyIsGreaterThan_matchAny propertyIsGreaterThanEqualTo_matchAny propertyIsLessThanEqualTo_matchAny invalidPropertyReference invalidOperand_boundedBy',
	'basic/filter/PropertyIsEqualToOperatorTests': 'propertyIsEqualTo_caseSensitive propertyIsNotEqualTo_caseSensitive',
	'basic/filter/PropertyIsLikeOperatorTests': 'propertyIsNotLike propertyIsLike',
	'basic/filter/PropertyIsNilOperatorTests': 'propertyIsNil',
	'basic/filter/PropertyIsNullOperatorTests': 'gmlNameIsNull propertyIsNotNull',
	'basic/filter/ResourceIdFilterTests': 'twoValidFeatureIdentifiers unknownFeatureIdentifier inconsistentFeatureIdentifierAndType',
	'basic/filter/spatial/BBOXTests': 'nonSpecificBBOX bboxWithDefaultExtent invalidGeometryOperand',
	'basic/filter/spatial/IntersectsTests': 'intersectsPolygon intersectsCurve',
	'basic/filter/temporal/AfterTests': 'afterPeriod afterInstant afterInstantWithOffset',
	'basic/filter/temporal/BeforeTests': 'beforePeriod',
	'basic/filter/temporal/DuringTests': 'duringPeriod',
	'joins/SpatialJoinTests': 'joinWithIntersects',
	'locking/GetFeatureWithLockTests': 'lockQueryResults_hits lockAllQueryResults_20Seconds lockSomeFeatures',
	'locking/LockFeatureTests': 'lockFeatureAndAttemptDelete lockFeatureAlreadyLocked lockAllFeaturesByType lockFeatureWithLockIdAndQuery',
	'locking/LockingCapabilitiesTests': 'capabilitiesDescribesLockingWFS',
	'paging/PagingTests': 'getFeatureWithHitsOnly traverseResultSetInBothDirections',
	'querymgmt/CreateStoredQueryTests': 'createGetFeatureByTypeName createStoredQueryWithUnsupportedQueryLanguage duplicateQuery',
	'querymgmt/DropStoredQueryTests': 'dropStoredQuery dropNonexistentQuery',
	'querymgmt/StoredQueryManagement': 'supportedStoredQueryLanguages',
	'simple/DescribeFeatureTypeTests': 'describeAllFeatureTypes describeUnknownFeatureType',
	'simple/DescribeStoredQueriesTests': 'describeAllStoredQueries describeStoredQuery_GetFeatureById',
	'simple/ListStoredQueriesTests': 'listStoredQueries',
	'simple/ServiceMetadataTests': 'capabilitiesDocIsXmlSchemaValid capabilitiesDocCorrespondsToWfsSimple',
	'simple/SimpleCapabilitiesTests': 'getCapabilities_missingServiceParam getFullCapabilities getCapabilities_acceptVersions',
	'simple/StoredQueryTests': 'unknownStoredQuery invokeGetFeatureByIdWithUnknownID invokeGetFeatureById',
	'transaction/DeleteTests': 'deleteFeature',
	'transaction/InsertTests': 'insertSupportedFeature insertInvalidFeature',
	'transaction/ReplaceTests': 'replaceFeature',
	'transaction/TransactionCapabilitiesTests': 'capabilitiesDescribesTransactionalWFS',
	'transaction/Update': 'updateGMLName updateBoundedByWithKMLPoint updateSimplePropertyValue',
	'versioning/VersioningTests': 'firstVersionHasNoPredecessor updatedVersionHasSupersededPredecessor updateSupersededVersion replacementVersionHasNoSuccessor deletedFeatureIsRetired',
};
const names = Object.entries(official).flatMap(([where, methods]) => methods.split(' ').map((method) => `${where}/${method}`));

/** What is not built: folder → the constraint of the capabilities that says so. The official suite skips these as well. */
const gaps = {
	joins: 'ImplementsSpatialJoins',
	versioning: 'ImplementsFeatureVersioning',
};
const gapOf = (name) => gaps[name.split('/')[0]];
const tests = { ...simple, ...basic, ...querymgmt, ...transactional, ...locking };

describe('the official tests of WFS 2.0', () => {
	let site;
	before(async () => { site = await openSite(); });
	after(() => site.stop());

	for (const name of names.filter((each) => !gapOf(each)))
		it(name, () => tests[name](site));
	for (const name of names.filter(gapOf))
		it(name, { skip: `${gapOf(name)} is not declared` }, () => {});

	it('are seventy-nine, and all of them are here or stand for a class that is not declared', async () => {
		assert.equal(new Set(names).size, 79);
		assert.deepEqual(Object.keys(tests).sort(), names.filter((name) => !gapOf(name)).sort());
		const { xml } = await site.good({ REQUEST: 'GetCapabilities' });
		for (const constraint of Object.values(gaps)) {
			const declared = xml.first('OperationsMetadata').all('Constraint').find((each) => each.attribute('name') === constraint);
			assert.equal(declared.child('DefaultValue').text, 'FALSE', `${constraint} is declared, so its tests have to be here`);
		}
	});
	it('have seen nothing but valid documents', { skip: withoutSchemas }, async () => {
		const { status, count, errors } = await site.judge();
		assert.ok(count > 100);
		assert.equal(status, 0, errors.slice(0, 10).join('\n'));
	});
});
