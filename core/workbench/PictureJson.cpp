#include "core/workbench/PictureJson.h"

#include <charconv>
#include <cmath>

namespace limpid {

namespace {

using nlohmann::json;

constexpr double unit = 1e5;

json curveJson(const ThinCurve& curve)
{
    json points = json::array();
    for (const PicturePoint& point : curve.points) {
        points.push_back(std::lround(point.x * unit));
        points.push_back(std::lround(point.y * unit));
    }
    return {{"points", std::move(points)}, {"tolerance", curve.tolerance}};
}

ThinCurve curveFrom(const json& stored)
{
    ThinCurve curve;
    curve.tolerance = stored.at("tolerance").get<double>();
    const auto values = stored.at("points").get<std::vector<double>>();
    for (std::size_t i = 0; i + 1 < values.size(); i += 2)
        curve.points.push_back({static_cast<float>(values[i] / unit), static_cast<float>(values[i + 1] / unit)});
    return curve;
}

/// The double with the fewest digits that reads back to the same float.
double shortest(float value)
{
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    double number = 0.0;
    std::from_chars(digits, end, number);
    return number;
}

/// A figure that may be undefined: null then.
double figure(const json& value)
{
    return value.is_null() ? std::nan("") : value.get<double>();
}

json classJson(const ClassPicture& one)
{
    json bins = json::array();
    for (const ReliabilityBin& bin : one.calibration)
        bins.push_back({bin.predicted, bin.observed, bin.rows});
    return {{"name", one.name}, {"positives", one.positives}, {"rows", one.rows}, {"roc_auc", one.rocAuc},
            {"average_precision", one.averagePrecision}, {"roc", curveJson(one.roc)},
            {"precision_recall", curveJson(one.precisionRecall)}, {"calibration", std::move(bins)}};
}

ClassPicture classFrom(const json& stored)
{
    ClassPicture one;
    one.name = stored.at("name").get<std::string>();
    one.positives = stored.at("positives").get<std::int64_t>();
    one.rows = stored.at("rows").get<std::int64_t>();
    one.rocAuc = figure(stored.at("roc_auc"));
    one.averagePrecision = figure(stored.at("average_precision"));
    one.roc = curveFrom(stored.at("roc"));
    one.precisionRecall = curveFrom(stored.at("precision_recall"));
    for (const json& bin : stored.at("calibration"))
        one.calibration.push_back({bin.at(0).get<double>(), bin.at(1).get<double>(), bin.at(2).get<std::int64_t>()});
    return one;
}

json residualJson(const ResidualPicture& one)
{
    json points = json::array();
    for (const PicturePoint& point : one.points) {
        points.push_back(shortest(point.x));
        points.push_back(shortest(point.y));
    }
    return {{"name", one.name}, {"rows", one.rows}, {"points", std::move(points)}, {"counts", one.counts}, {"low", one.low},
            {"high", one.high}, {"mean", one.mean}, {"deviation", one.deviation}};
}

ResidualPicture residualFrom(const json& stored)
{
    ResidualPicture one;
    one.name = stored.at("name").get<std::string>();
    one.rows = stored.at("rows").get<std::int64_t>();
    const auto values = stored.at("points").get<std::vector<double>>();
    for (std::size_t i = 0; i + 1 < values.size(); i += 2)
        one.points.push_back({static_cast<float>(values[i]), static_cast<float>(values[i + 1])});
    one.counts = stored.at("counts").get<std::vector<std::int64_t>>();
    one.low = stored.at("low").get<double>();
    one.high = stored.at("high").get<double>();
    one.mean = stored.at("mean").get<double>();
    one.deviation = stored.at("deviation").get<double>();
    return one;
}

} // namespace

std::string pictureKey(std::int64_t run)
{
    return "run/" + std::to_string(run) + "/picture";
}

json toJson(const ValidationPicture& picture)
{
    json stored = {{"epoch", picture.epoch}, {"class_count", picture.classCount}, {"names", picture.names}, {"confusion", picture.confusion},
                   {"classes", json::array()}, {"residuals", json::array()}, {"dead_units", json::array()}};
    for (const ClassPicture& one : picture.classes)
        stored["classes"].push_back(classJson(one));
    for (const ResidualPicture& one : picture.residuals)
        stored["residuals"].push_back(residualJson(one));
    for (const DeadUnits& layer : picture.deadUnits)
        stored["dead_units"].push_back({layer.layer, layer.dead, layer.units});
    return stored;
}

ValidationPicture validationPictureFromJson(const json& stored)
{
    ValidationPicture picture;
    picture.epoch = stored.at("epoch").get<int>();
    picture.classCount = stored.at("class_count").get<std::size_t>();
    picture.names = stored.at("names").get<std::vector<std::string>>();
    picture.confusion = stored.at("confusion").get<std::vector<std::int64_t>>();
    for (const json& one : stored.at("classes"))
        picture.classes.push_back(classFrom(one));
    for (const json& one : stored.at("residuals"))
        picture.residuals.push_back(residualFrom(one));
    for (const json& layer : stored.at("dead_units"))
        picture.deadUnits.push_back({layer.at(0).get<std::string>(), layer.at(1).get<std::int64_t>(), layer.at(2).get<std::int64_t>()});
    return picture;
}

} // namespace limpid
