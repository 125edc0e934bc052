#include "core/base/Random.h"
#include "tests/support/TestSupport.h"
#include "tests/ui/charts/PlotChecks.h"
#include "ui/charts/Chooser.h"
#include "ui/charts/PicturePlots.h"
#include "ui/charts/PlotAxes.h"
#include "ui/charts/PlotMenu.h"
#include "ui/charts/PlotView.h"
#include "ui/charts/ValidationView.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QTest>

#include <cmath>

using namespace limpid;

namespace {

/// Four rows, of which the ranking is (from the top) yes, no, yes, no.
PicturePtr four()
{
    auto picture = std::make_shared<ValidationPicture>();
    picture->epoch = 3;
    picture->names = {"no", "yes"};
    picture->classCount = 2;
    picture->confusion = {1, 1, 1, 1};
    picture->classes.push_back(classPicture("yes", {{0.9, true}, {0.7, false}, {0.35, true}, {0.15, false}}));
    return picture;
}

PicturePtr numbers()
{
    auto picture = std::make_shared<ValidationPicture>();
    picture->residuals.push_back(residualPicture("price", std::vector<double>{1, 2, 3, 4}, std::vector<double>{1.5, 2, 2.5, 6}));
    return picture;
}

PicturePtr many(int classes)
{
    auto picture = std::make_shared<ValidationPicture>();
    Random random(4, "plots");
    for (int k = 0; k < classes; ++k) {
        std::vector<ScoredRow> rows;
        for (int i = 0; i < 200; ++i)
            rows.push_back({random.uniform(), random.uniform() < 0.3});
        picture->names.push_back("class " + std::to_string(k));
        picture->classes.push_back(classPicture(picture->names.back(), std::move(rows)));
    }
    picture->classCount = static_cast<std::size_t>(classes) + 3;
    picture->confusion.assign(static_cast<std::size_t>(classes * classes), 5);
    return picture;
}

} // namespace

class TestPicturePlots : public QObject
{
    Q_OBJECT
private slots:
    /// Predicted are 1.5, 2, 2.5 and 6, true 1, 2, 3 and 4.
    void pointsAreZoomedInto()
    {
        Theme theme(nullptr);
        const auto found = [&](const Plot& plot) {
            std::vector<int> items;
            for (const auto& [item, text] : test::itemsOf(plot, {500, 300}, theme))
                items.push_back(item);
            return items;
        };
        const auto residuals = makeResidualPlot(numbers()), predicted = makePredictedPlot(numbers());
        QCOMPARE(residuals->zoomAxis().name, QString("predicted price"));
        QVERIFY(std::abs(residuals->zoomAxis().range.min - (1.5 - 0.225)) < 1e-9 && std::abs(residuals->zoomAxis().range.max - (6.0 + 0.225)) < 1e-9);
        QCOMPARE(found(*residuals), (std::vector<int>{0, 1, 2, 3}));
        QCOMPARE(found(*residuals->zoomed({1.8, 3.0})), (std::vector<int>{1, 2}));
        QCOMPARE(predicted->zoomAxis().name, QString("true price"));
        QCOMPARE(found(*predicted->zoomed({2.5, 4.5})), (std::vector<int>{2, 3}));
        QCOMPARE(plotImage(*predicted->zoomed(predicted->zoomAxis().range), {500, 300}, 1.0, theme), plotImage(*predicted, {500, 300}, 1.0, theme));
    }

    void sentencesAndTables()
    {
        const auto roc = makeRocPlot(four());
        QCOMPARE(roc->sentence(), QString("The area under the ROC curve of yes is 0.750.")); // 3 of 4 pairs
        QCOMPARE(roc->table().front(), (QStringList{"class", "false positive rate", "true positive rate"}));
        QCOMPARE(roc->table().at(2), (QStringList{"yes", "0", "0.5"}));
        const auto pr = makePrecisionRecallPlot(four());
        QCOMPARE(pr->sentence(), QString("The average precision of yes is 0.833."));        // (1 + 2/3) / 2
        const auto calibration = makeCalibrationPlot(four());
        QCOMPARE(calibration->table().size(), std::size_t(5));
        QVERIFY(calibration->sentence().contains("0.400"));                                 // (0.1 + 0.7 + 0.65 + 0.15) / 4
        const auto predicted = makePredictedPlot(numbers());
        QCOMPARE(predicted->table().at(4), (QStringList{"4", "6"}));
        const auto residuals = makeResidualPlot(numbers());
        QVERIFY(residuals->sentence().startsWith("price is off by"));
        int rows = 0;
        const std::vector<QStringList> table = residuals->table();
        for (std::size_t i = 1; i < table.size(); ++i)
            rows += table[i][2].toInt();
        QCOMPARE(rows, 4);
    }

    void pointsAreFound()
    {
        const QRectF area(0, 0, 400, 240);
        const auto roc = makeRocPlot(four());
        plot::PlotAxes axes{"", ""};
        axes.place(area, true);
        const int item = roc->hit(axes.at(0.5, 0.5), area);
        QVERIFY(item >= 0);
        QCOMPARE(roc->tooltip(item), QString("yes\nfalse positive rate 0.500\ntrue positive rate 0.500"));
        QCOMPARE(roc->hit(axes.at(0.9, 0.2), area), -1);
        const auto calibration = makeCalibrationPlot(four());
        QVERIFY(calibration->tooltip(calibration->hit(axes.at(0.9, 1.0), area)).endsWith("1 rows"));
        const auto confusion = makeConfusionPlot({1, 2, 3, 4}, {"no", "yes"});
        QCOMPARE(confusion->tooltip(confusion->hit({399, 239}, area)), QString("true yes, predicted yes: 4 rows"));
    }

    void paint_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("classes");
        for (const int classes : {1, 4, 10})
            for (int kind = 0; kind < 4; ++kind)
                QTest::addRow("%d of %d classes", kind, classes) << kind << classes;
        QTest::newRow("predicted") << 4 << 0;
        QTest::newRow("residuals") << 5 << 0;
    }
    /// At any size, down to nothing, in both themes; as PNG and as SVG.
    void paint()
    {
        QFETCH(int, kind);
        QFETCH(int, classes);
        const PicturePtr picture = classes == 0 ? numbers() : classes == 1 ? four() : many(classes);
        QStringList names;
        for (const std::string& name : picture->names)
            names << QString::fromStdString(name);
        const std::unique_ptr<Plot> plot = kind == 0   ? makeRocPlot(picture)
                                           : kind == 1 ? makePrecisionRecallPlot(picture)
                                           : kind == 2 ? makeCalibrationPlot(picture)
                                           : kind == 3 ? makeConfusionPlot(picture->confusion, names)
                                           : kind == 4 ? makePredictedPlot(picture)
                                                       : makeResidualPlot(picture);
        Theme theme(nullptr);
        for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            theme.setMode(mode);
            const QImage wide = plotImage(*plot, {420, 240}, 1.0, theme);
            QVERIFY(wide != plotImage(*makeRocPlot(many(2)), {420, 240}, 1.0, theme));
            QVERIFY(!plotImage(*plot, {40, 30}, 1.0, theme).isNull());
        }
        QTemporaryDir dir;
        savePlot(*plot, dir.filePath("plot.svg"), {420, 240}, theme);
        QFile svg(dir.filePath("plot.svg"));
        QVERIFY(svg.open(QIODevice::ReadOnly) && svg.readAll().contains("<svg"));
    }

    void tableIsSaved()
    {
        QTemporaryDir dir;
        saveTable(*makeConfusionPlot({1, 2, 3, 4}, {"a, \"b\"", "c"}), dir.filePath("table.csv"));
        QFile file(dir.filePath("table.csv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("true \\ predicted,\"a, \"\"b\"\"\",c\n\"a, \"\"b\"\"\",1,2\nc,3,4\n"));
    }

    /// One class alone has no curve: a sentence instead.
    void oneClass()
    {
        auto picture = std::make_shared<ValidationPicture>();
        picture->classes.push_back(classPicture("yes", {{0.9, true}, {0.7, true}}));
        QVERIFY(makeRocPlot(picture)->sentence().contains("one class"));
        Theme theme(nullptr);
        QVERIFY(!plotImage(*makeRocPlot(picture), {300, 200}, 1.0, theme).isNull());
    }

    void viewChanges()
    {
        Theme theme(qApp);
        ValidationView view(theme);
        view.resize(420, 260);
        view.show();
        auto* plot = view.findChild<PlotView*>("picture");
        view.setPicture(nullptr, "Not yet.");
        QVERIFY(!plot->isVisible() && view.findChild<QLabel*>("pictureWhy")->text() == "Not yet.");
        view.setPicture(four());
        QVERIFY(plot->isVisible());
        QCOMPARE(view.current(), QString("roc"));
        view.setCurrent("pr");
        QVERIFY(plot->plot()->sentence().contains("precision"));
        view.setPicture(numbers()); // of another task: its own pictures
        QCOMPARE(view.current(), QString("predicted"));
        view.setCurrent("residuals");
        view.setPicture(four());
        QCOMPARE(view.current(), QString("pr"));
    }

    /// Of several numbers the one that is chosen, and it stays chosen as the pictures change.
    void targetIsChosen()
    {
        Theme theme(qApp);
        ValidationView view(theme);
        view.resize(620, 260);
        view.show();
        view.chooser()->show();
        auto* plot = view.findChild<PlotView*>("picture");
        auto* target = view.findChild<QComboBox*>("pictureTarget");
        const auto both = [] {
            auto picture = std::make_shared<ValidationPicture>(*numbers());
            picture->residuals.push_back(residualPicture("weight", std::vector<double>{1.0, 2.0, 3.0}, std::vector<double>{1.5, 2.0, 2.5}));
            return picture;
        };
        view.setPicture(numbers());
        QVERIFY(!target->isVisible());
        view.setPicture(both());
        QVERIFY(target->isVisible() && target->count() == 2);
        target->setFocus();
        QTest::keyClick(target, Qt::Key_Down);
        QVERIFY2(plot->plot()->sentence().contains("weight"), qPrintable(plot->plot()->sentence()));
        view.setPicture(both());
        QVERIFY(plot->plot()->sentence().contains("weight"));
        view.setPicture(numbers());
        QVERIFY(!plot->plot()->sentence().contains("weight"));
    }

    /// Several targets of two values have no one matrix.
    void confusionOfSeveralTargets()
    {
        Theme theme(qApp);
        ValidationView view(theme);
        view.show();
        auto picture = std::make_shared<ValidationPicture>(*four());
        picture->confusion.clear();
        view.setPicture(picture);
        view.setCurrent("confusion");
        QVERIFY(!view.findChild<PlotView*>("picture")->isVisible());
        QVERIFY(view.findChild<QLabel*>("pictureWhy")->text().contains("confusion"));
        view.setCurrent("roc");
        QVERIFY(view.findChild<PlotView*>("picture")->isVisible());
    }

    void chooserFitsItsRoom()
    {
        Theme theme(qApp);
        Chooser chooser(theme, {"a", "b"}, {"The first of two", "The second of two"});
        chooser.resize(chooser.sizeHint());
        chooser.show();
        QVERIFY(!chooser.findChild<QComboBox*>()->isVisible());
        chooser.resize(chooser.minimumSizeHint());
        auto* list = chooser.findChild<QComboBox*>();
        QTRY_VERIFY(list->isVisible());
        QTest::keyClick(list, Qt::Key_Down);
        QCOMPARE(chooser.current(), QString("b"));
        chooser.setCurrent("nothing");
        QCOMPARE(chooser.current(), QString("b"));
    }
};

QTEST_MAIN(TestPicturePlots)
#include "tst_picture_plots.moc"
