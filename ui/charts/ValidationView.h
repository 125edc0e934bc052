#pragma once

#include "ui/charts/PicturePlots.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace limpid {

class Chooser;
class PlotView;

/// What one sees of the validation rows, one picture at a time: ROC, PR, calibration and confusion for classes; predicted
/// against true values and residuals for numbers, of several one at a time.
class ValidationView : public QWidget
{
    Q_OBJECT
public:
    explicit ValidationView(const Theme& theme, QWidget* parent = nullptr);

    /// For a card's title row; this one's child until it is put there. Hidden where there is nothing to choose from.
    QWidget* chooser() const { return m_choosers; }
    /// Null: `why` is shown instead.
    void setPicture(PicturePtr picture, const QString& why = {});
    const PicturePtr& picture() const { return m_picture; }

    QString current() const;               ///< the key of what is shown
    void setCurrent(const QString& key);   ///< of either kind of task; without a signal

signals:
    void chosen(const QString& key);       ///< by the user

private:
    Chooser* chooserNow() const;
    void showPlot();

    QWidget* m_choosers;
    Chooser *m_classes, *m_numbers;
    QComboBox* m_target;                   ///< of several numbers that are predicted; else hidden
    PlotView* m_plot;
    QLabel* m_why;
    PicturePtr m_picture;
};

} // namespace limpid
