#include "tests/support/TestSupport.h"
#include "ui/network/CostCard.h"
#include "ui/network/PriceMeter.h"
#include "ui/session/Session.h"

#include <QLabel>
#include <QRegularExpression>

using namespace limpid;

class TestPrice : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    JobQueue m_queue;
    JobRunner m_runner{m_queue};
    Session m_session{m_runner, nullptr};

private slots:
    void initTestCase()
    {
        QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support propagateSizeHints)"));
        m_session.openWorkspace(m_folder.path());
        m_session.openFile(QString::fromStdString(test::project("resources/samples/penguins.csv").string()));
        QTRY_VERIFY(m_session.plan());
    }
    void cleanupTestCase() { m_session.close(); }

    /// An estimate at once, a measurement when one stops editing, and an estimate again after the next edit.
    void isEstimatedThenMeasured()
    {
        PriceMeter meter(m_session);
        CostCard card;
        connect(&meter, &PriceMeter::changed, &card, [&] { card.showPrice(meter); });
        const auto* time = card.findChild<QLabel*>("epochTime");
        card.showPrice(meter);
        QVERIFY(meter.price()); // of the plan that was there before
        TrainRequest request = m_session.request();
        request.train.batchSize = 8;
        m_session.setRequest(request, "edit");
        QTRY_VERIFY(meter.price() && !meter.price()->measured);
        QVERIFY2(time->text().contains("estimated"), qPrintable(time->text()));
        QTRY_VERIFY_WITH_TIMEOUT(meter.price() && meter.price()->measured, 20000);
        QVERIFY(meter.price()->secondsPerEpoch > 0.0);
        QVERIFY2(time->text().contains("measured"), qPrintable(time->text()));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        QVERIFY(meter.price()->bytes > 0 && meter.price()->batch >= 8);
        QVERIFY(card.findChild<QLabel*>("batchFits")->text().contains("rows"));
#endif
        request.train.batchSize = 16;
        m_session.setRequest(request, "edit");
        QTRY_VERIFY(meter.price() && !meter.price()->measured);
    }

    void aNetworkThatCantBeTrainedHasNone()
    {
        PriceMeter meter(m_session);
        CostCard card;
        connect(&meter, &PriceMeter::changed, &card, [&] { card.showPrice(meter); });
        NetworkSpec network = m_session.network();
        network.outputs.clear();
        m_session.setNetwork(network, "no output");
        QTRY_VERIFY(m_session.plan() && !m_session.plan()->analysis.ok());
        QVERIFY(!meter.price());
        QCOMPARE(card.findChild<QLabel*>("epochTime")->text(), QString("–"));
    }
};

QTEST_MAIN(TestPrice)

#include "tst_price.moc"
