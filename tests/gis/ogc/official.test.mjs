// SPDX-License-Identifier: EUPL-1.2
// The official tests of OGC API Features, Parts 1 and 2 (executable test suite 1.10), each by its own name, over every collection; what they
// ask is ours (core.mjs, crs.mjs). OGC's JSON Schemas and OpenAPI's rules judge where they can be had.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { core } from './core.mjs';
import { crs } from './crs.mjs';
import { withoutPackages, withoutSchemas } from './judge.mjs';
import { openSite } from './site.mjs';

/** Class → its methods. */
const official = {
	'core/apidefinition/ApiDefinition': 'openapiDocumentRetrieval apiDefinitionValidation',
	'core/collections/Feature': 'featureOperation validateFeatureResponse',
	'core/collections/FeatureCollection': 'validateFeatureCollectionMetadataOperation validateFeatureCollectionMetadataResponse',
	'core/collections/FeatureCollections': 'validateFeatureCollectionsMetadataOperation validateFeatureCollectionsMetadataOperationResponse_Links validateFeatureCollectionsMetadataOperationResponse_Items validateFeatureCollectionsMetadataOperationResponse_CrsProperty validateFeatureCollectionsMetadataOperationResponse_Content',
	'core/collections/Features': 'validateFeaturesOperation validateFeaturesResponse_GeometryInCRS84 validateFeaturesResponse_TypeProperty validateFeaturesResponse_FeaturesProperty validateFeaturesResponse_Links validateFeaturesResponse_TimeStamp validateFeaturesResponse_NumberMatched validateFeaturesResponse_NumberReturned',
	'core/collections/FeaturesBBox': 'boundingBoxParameterDefinition validateFeaturesWithBoundingBoxOperation validateFeaturesWithBoundingBoxResponse validateFeaturesResponse_GeometryInCRS84 validateFeaturesWithBoundingBoxResponse_TypeProperty validateFeaturesWithBoundingBoxResponse_FeaturesProperty validateFeaturesWithBoundingBoxResponse_Links validateFeaturesWithBoundingBoxResponse_TimeStamp validateFeaturesWithBoundingBoxResponse_NumberMatched validateFeaturesResponse_NumberReturned',
	'core/collections/FeaturesErrorConditions': 'validateFeaturesOperation_QueryParamInvalid validateFeaturesOperation_QueryParamUnknown',
	'core/collections/FeaturesLimit': 'limitParameterDefinition validateFeaturesWithLimitOperation validateFeaturesWithLimitResponse validateFeaturesWithLimitResponse_GeometryInCRS84 validateFeaturesWithLimitResponse_TypeProperty validateFeaturesWithLimitResponse_FeaturesProperty validateFeaturesWithLimitResponse_Links validateFeaturesWithLimitResponse_TimeStamp validateFeaturesWithLimitResponse_NumberMatched validateFeaturesResponse_NumberReturned',
	'core/collections/FeaturesTime': 'timeParameterDefinition validateFeaturesWithDateTimeOperation validateFeaturesWithDateTimeResponse validateFeaturesWithDateTimeResponse_GeometryInCRS84 validateFeaturesWithDateTimeResponse_TypeProperty validateFeaturesWithDateTimeResponse_FeaturesProperty validateFeaturesWithDateTimeResponse_Links validateFeaturesWithDateTimeResponse_TimeStamp validateFeaturesWithDateTimeResponse_NumberMatched validateFeaturesResponse_NumberReturned',
	'core/conformance/Conformance': 'validateConformanceOperationAndResponse',
	'core/general/GeneralHttp': 'http',
	'core/landingpage/LandingPage': 'landingPageRetrieval landingPageValidation',
	'crs/CrsRequirementClassPrecondition': 'verifyConformanceClass',
	'crs/discovery/collection/DiscoveryCollectionCrsUri': 'verifyCollectionCrsIdentifierOfCrsProperty verifyCollectionCrsIdentifierOfStorageCrsProperty',
	'crs/discovery/collection/DiscoveryCollectionDefaultCrs': 'verifyCollectionCrsIdentifierOfCrsProperty',
	'crs/discovery/collection/DiscoveryCollectionStorageCrs': 'verifyCollectionCrsIdentifierOfCrsProperty',
	'crs/discovery/collections/DiscoveryCollectionsCrsUri': 'verifyCollectionsCrsIdentifierOfCrsProperty verifyCollectionsCrsIdentifierOfStorageCrs verifyCollectionsCollectionCrsIdentifierOfCrsProperty verifyCollectionsCollectionCrsIdentifierOfStorageCrs',
	'crs/discovery/collections/DiscoveryCollectionsDefaultCrs': 'verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs',
	'crs/discovery/collections/DiscoveryCollectionsStorageCrs': 'verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs',
	'crs/query/bboxcrs/BBoxCrsParameter': 'verifyBboxCrsParameterWithDefaultCrs verifyBboxCrsParameter',
	'crs/query/bboxcrs/BBoxCrsParameterDefault': 'verifyBboxCrsParameterDefault',
	'crs/query/bboxcrs/BBoxCrsParameterInvalid': 'verifyBboxCrsParameterInvalid',
	'crs/query/crs/feature/FeatureCrsParameter': 'verifyFeatureCrsParameter',
	'crs/query/crs/feature/FeatureCrsParameterDefault': 'verifyFeatureCrsParameterDefault',
	'crs/query/crs/feature/FeatureCrsParameterInvalid': 'verifyFeatureCrsParameterInvalid',
	'crs/query/crs/feature/FeatureCrsParameterTransform': 'verifyFeatureCrsParameterTransformWithCrsParameter verifyFeatureCrsParameterTransformWithoutCrsParameter',
	'crs/query/crs/features/FeaturesCrsParameter': 'verifyFeaturesCrsParameter',
	'crs/query/crs/features/FeaturesCrsParameterDefault': 'verifyFeaturesCrsParameterDefault',
	'crs/query/crs/features/FeaturesCrsParameterInvalid': 'verifyFeaturesCrsParameterInvalid',
	'crs/query/crs/features/FeaturesCrsParameterTransform': 'verifyFeaturesCrsParameterTransformWithoutCrsParameter verifyFeaturesCrsParameterTransformWithCrsParameter',
};
const names = Object.entries(official).flatMap(([where, methods]) => methods.split(' ').map((method) => `${where}/${method}`));
const tests = { ...core, ...crs };

describe('the official tests of OGC API Features', () => {
	let site;
	before(async () => { site = await openSite(); });
	after(() => site.stop());

	for (const name of names)
		it(name, () => tests[name](site));

	it('are eighty, and all of them are here', () => {
		assert.equal(new Set(names).size, 80);
		assert.deepEqual(Object.keys(tests).sort(), names.toSorted?.() ?? [...names].sort());
	});
	it('had the schemas of OGC as their judge', { skip: withoutSchemas }, () => {});
	it('had the rules of OpenAPI as their judge', { skip: withoutPackages }, () => {});
});
